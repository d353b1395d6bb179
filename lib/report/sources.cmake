# zlib is there wherever libzip is; libdeflate, where it is, packs workbooks faster.
pkg_check_modules(ZLIB REQUIRED IMPORTED_TARGET zlib)
pkg_check_modules(DEFLATE IMPORTED_TARGET libdeflate)
if(DEFLATE_FOUND)
  list(APPEND psy_dependencies PkgConfig::DEFLATE)
  string(APPEND psy_pc_requires " libdeflate")
  target_link_libraries(psyscreen_objects PUBLIC PkgConfig::DEFLATE)
  target_compile_definitions(psyscreen_objects PRIVATE PSY_HAVE_LIBDEFLATE)
else()
  list(APPEND psy_dependencies PkgConfig::ZLIB)
  string(APPEND psy_pc_requires " zlib")
  target_link_libraries(psyscreen_objects PUBLIC PkgConfig::ZLIB)
endif()

target_sources(psyscreen_objects PRIVATE
  ${CMAKE_CURRENT_LIST_DIR}/alert_list.c
  ${CMAKE_CURRENT_LIST_DIR}/book.c
  ${CMAKE_CURRENT_LIST_DIR}/book_cells.c
  ${CMAKE_CURRENT_LIST_DIR}/book_page.c
  ${CMAKE_CURRENT_LIST_DIR}/class_summary.c
  ${CMAKE_CURRENT_LIST_DIR}/cover.c
  ${CMAKE_CURRENT_LIST_DIR}/district_book.c
  ${CMAKE_CURRENT_LIST_DIR}/district_checks.c
  ${CMAKE_CURRENT_LIST_DIR}/district_rules.c
  ${CMAKE_CURRENT_LIST_DIR}/district_scales.c
  ${CMAKE_CURRENT_LIST_DIR}/district_tables.c
  ${CMAKE_CURRENT_LIST_DIR}/fields.c
  ${CMAKE_CURRENT_LIST_DIR}/groups.c
  ${CMAKE_CURRENT_LIST_DIR}/json.c
  ${CMAKE_CURRENT_LIST_DIR}/layout.c
  ${CMAKE_CURRENT_LIST_DIR}/manifest.c
  ${CMAKE_CURRENT_LIST_DIR}/other_lists.c
  ${CMAKE_CURRENT_LIST_DIR}/outcomes.c
  ${CMAKE_CURRENT_LIST_DIR}/package.c
  ${CMAKE_CURRENT_LIST_DIR}/participation.c
  ${CMAKE_CURRENT_LIST_DIR}/quality_sheet.c
  ${CMAKE_CURRENT_LIST_DIR}/readback.c
  ${CMAKE_CURRENT_LIST_DIR}/report_base.c
  ${CMAKE_CURRENT_LIST_DIR}/row_xml.c
  ${CMAKE_CURRENT_LIST_DIR}/school_book.c
  ${CMAKE_CURRENT_LIST_DIR}/score_sheet.c
  ${CMAKE_CURRENT_LIST_DIR}/scores_csv.c
  ${CMAKE_CURRENT_LIST_DIR}/splice.c
  ${CMAKE_CURRENT_LIST_DIR}/suppress.c
  ${CMAKE_CURRENT_LIST_DIR}/unmatched_list.c)
