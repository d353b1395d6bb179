target_sources(psyscreen_objects PRIVATE
  ${CMAKE_CURRENT_LIST_DIR}/arrow.c
  ${CMAKE_CURRENT_LIST_DIR}/arrow_in.c
  ${CMAKE_CURRENT_LIST_DIR}/findings.c
  ${CMAKE_CURRENT_LIST_DIR}/findings_table.c
  ${CMAKE_CURRENT_LIST_DIR}/findings_names.c
  ${CMAKE_CURRENT_LIST_DIR}/findings_take.c
  ${CMAKE_CURRENT_LIST_DIR}/findings_write.c
  ${CMAKE_CURRENT_LIST_DIR}/table.c
  ${CMAKE_CURRENT_LIST_DIR}/table_write.c
  ${CMAKE_CURRENT_LIST_DIR}/writing.c)
