# zlib is there wherever libzip is; libdeflate, where it is, packs workbooks faster.
set(PSY_WITH_LIBDEFLATE "AUTO" CACHE STRING "Pack workbooks with libdeflate: AUTO, ON or OFF")
set_property(CACHE PSY_WITH_LIBDEFLATE PROPERTY STRINGS AUTO ON OFF)
set(psy_deflate_found OFF)
if(PSY_WITH_LIBDEFLATE STREQUAL "ON")
  pkg_check_modules(DEFLATE REQUIRED IMPORTED_TARGET libdeflate)
  set(psy_deflate_found ON)
elseif(NOT PSY_WITH_LIBDEFLATE STREQUAL "OFF")
  pkg_check_modules(DEFLATE QUIET IMPORTED_TARGET libdeflate)
  set(psy_deflate_found ${DEFLATE_FOUND})
endif()
if(psy_deflate_found)
  set(psy_packer PkgConfig::DEFLATE)
  string(APPEND psy_pc_requires " libdeflate")
  target_compile_definitions(psyscreen_objects PRIVATE PSY_HAVE_LIBDEFLATE)
else()
  pkg_check_modules(ZLIB REQUIRED IMPORTED_TARGET zlib)
  set(psy_packer PkgConfig::ZLIB)
  string(APPEND psy_pc_requires " zlib")
endif()
list(APPEND psy_dependencies ${psy_packer})
target_link_libraries(psyscreen_objects PUBLIC ${psy_packer})
message(STATUS "Workbooks are packed by: ${psy_packer}")

target_sources(psyscreen_objects PRIVATE
  ${CMAKE_CURRENT_LIST_DIR}/agile.c
  ${CMAKE_CURRENT_LIST_DIR}/alert_list.c
  ${CMAKE_CURRENT_LIST_DIR}/book.c
  ${CMAKE_CURRENT_LIST_DIR}/book_cells.c
  ${CMAKE_CURRENT_LIST_DIR}/book_marks.c
  ${CMAKE_CURRENT_LIST_DIR}/book_page.c
  ${CMAKE_CURRENT_LIST_DIR}/book_styles.c
  ${CMAKE_CURRENT_LIST_DIR}/chart_cache.c
  ${CMAKE_CURRENT_LIST_DIR}/class_charts.c
  ${CMAKE_CURRENT_LIST_DIR}/class_summary.c
  ${CMAKE_CURRENT_LIST_DIR}/compound.c
  ${CMAKE_CURRENT_LIST_DIR}/cover.c
  ${CMAKE_CURRENT_LIST_DIR}/critical_book.c
  ${CMAKE_CURRENT_LIST_DIR}/csv_safe.c
  ${CMAKE_CURRENT_LIST_DIR}/district_book.c
  ${CMAKE_CURRENT_LIST_DIR}/district_checks.c
  ${CMAKE_CURRENT_LIST_DIR}/district_log.c
  ${CMAKE_CURRENT_LIST_DIR}/district_funnel.c
  ${CMAKE_CURRENT_LIST_DIR}/district_process.c
  ${CMAKE_CURRENT_LIST_DIR}/district_rules.c
  ${CMAKE_CURRENT_LIST_DIR}/district_scales.c
  ${CMAKE_CURRENT_LIST_DIR}/district_tables.c
  ${CMAKE_CURRENT_LIST_DIR}/district_untested.c
  ${CMAKE_CURRENT_LIST_DIR}/district_waves.c
  ${CMAKE_CURRENT_LIST_DIR}/dossier_blanks.c
  ${CMAKE_CURRENT_LIST_DIR}/dossier_contacts.c
  ${CMAKE_CURRENT_LIST_DIR}/dossier_book.c
  ${CMAKE_CURRENT_LIST_DIR}/dossier_changes.c
  ${CMAKE_CURRENT_LIST_DIR}/dossier_compare.c
  ${CMAKE_CURRENT_LIST_DIR}/dossier_history.c
  ${CMAKE_CURRENT_LIST_DIR}/dossier_line.c
  ${CMAKE_CURRENT_LIST_DIR}/dossier_records.c
  ${CMAKE_CURRENT_LIST_DIR}/carried_rows.c
  ${CMAKE_CURRENT_LIST_DIR}/entry_columns.c
  ${CMAKE_CURRENT_LIST_DIR}/fields.c
  ${CMAKE_CURRENT_LIST_DIR}/finding_words.c
  ${CMAKE_CURRENT_LIST_DIR}/group_moments.c
  ${CMAKE_CURRENT_LIST_DIR}/groups.c
  ${CMAKE_CURRENT_LIST_DIR}/json.c
  ${CMAKE_CURRENT_LIST_DIR}/heads.c
  ${CMAKE_CURRENT_LIST_DIR}/layout.c
  ${CMAKE_CURRENT_LIST_DIR}/ledger.c
  ${CMAKE_CURRENT_LIST_DIR}/list_profile.c
  ${CMAKE_CURRENT_LIST_DIR}/manifest.c
  ${CMAKE_CURRENT_LIST_DIR}/key_scores.c
  ${CMAKE_CURRENT_LIST_DIR}/mark_fields.c
  ${CMAKE_CURRENT_LIST_DIR}/mapping.c
  ${CMAKE_CURRENT_LIST_DIR}/other_lists.c
  ${CMAKE_CURRENT_LIST_DIR}/notes.c
  ${CMAKE_CURRENT_LIST_DIR}/outcomes.c
  ${CMAKE_CURRENT_LIST_DIR}/outside_fields.c
  ${CMAKE_CURRENT_LIST_DIR}/package.c
  ${CMAKE_CURRENT_LIST_DIR}/participation.c
  ${CMAKE_CURRENT_LIST_DIR}/person_columns.c
  ${CMAKE_CURRENT_LIST_DIR}/prefix_code.c
  ${CMAKE_CURRENT_LIST_DIR}/quality_sheet.c
  ${CMAKE_CURRENT_LIST_DIR}/readback.c
  ${CMAKE_CURRENT_LIST_DIR}/publication.c
  ${CMAKE_CURRENT_LIST_DIR}/publication_hold.c
  ${CMAKE_CURRENT_LIST_DIR}/release.c
  ${CMAKE_CURRENT_LIST_DIR}/release_cells.c
  ${CMAKE_CURRENT_LIST_DIR}/release_parts.c
  ${CMAKE_CURRENT_LIST_DIR}/release_process.c
  ${CMAKE_CURRENT_LIST_DIR}/case_progress.c
  ${CMAKE_CURRENT_LIST_DIR}/entry_counts.c
  ${CMAKE_CURRENT_LIST_DIR}/release_school.c
  ${CMAKE_CURRENT_LIST_DIR}/release_shared.c
  ${CMAKE_CURRENT_LIST_DIR}/release_stages.c
  ${CMAKE_CURRENT_LIST_DIR}/release_table.c
  ${CMAKE_CURRENT_LIST_DIR}/release_untested.c
  ${CMAKE_CURRENT_LIST_DIR}/release_waves.c
  ${CMAKE_CURRENT_LIST_DIR}/report_base.c
  ${CMAKE_CURRENT_LIST_DIR}/role_books.c
  ${CMAKE_CURRENT_LIST_DIR}/role_cut.c
  ${CMAKE_CURRENT_LIST_DIR}/row_xml.c
  ${CMAKE_CURRENT_LIST_DIR}/scatter.c
  ${CMAKE_CURRENT_LIST_DIR}/school_book.c
  ${CMAKE_CURRENT_LIST_DIR}/school_findings.c
  ${CMAKE_CURRENT_LIST_DIR}/score_sheet.c
  ${CMAKE_CURRENT_LIST_DIR}/scores_csv.c
  ${CMAKE_CURRENT_LIST_DIR}/scores_table.c
  ${CMAKE_CURRENT_LIST_DIR}/sealed_list.c
  ${CMAKE_CURRENT_LIST_DIR}/splice.c
  ${CMAKE_CURRENT_LIST_DIR}/squeeze.c
  ${CMAKE_CURRENT_LIST_DIR}/unmatched_list.c
  ${CMAKE_CURRENT_LIST_DIR}/member_pieces.c
  ${CMAKE_CURRENT_LIST_DIR}/members.c
  ${CMAKE_CURRENT_LIST_DIR}/what_if_csv.c)
