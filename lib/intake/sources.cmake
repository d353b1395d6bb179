target_sources(psyscreen_objects PRIVATE
  ${CMAKE_CURRENT_LIST_DIR}/cell.c
  ${CMAKE_CURRENT_LIST_DIR}/codes.c
  ${CMAKE_CURRENT_LIST_DIR}/csv.c
  ${CMAKE_CURRENT_LIST_DIR}/dates.c
  ${CMAKE_CURRENT_LIST_DIR}/decode_input.c
  ${CMAKE_CURRENT_LIST_DIR}/grade.c
  ${CMAKE_CURRENT_LIST_DIR}/header.c
  ${CMAKE_CURRENT_LIST_DIR}/header_map.c
  ${CMAKE_CURRENT_LIST_DIR}/header_words.c
  ${CMAKE_CURRENT_LIST_DIR}/record.c
  ${CMAKE_CURRENT_LIST_DIR}/responses.c
  ${CMAKE_CURRENT_LIST_DIR}/roster.c
  ${CMAKE_CURRENT_LIST_DIR}/row_cells.c
  ${CMAKE_CURRENT_LIST_DIR}/row_fields.c
  ${CMAKE_CURRENT_LIST_DIR}/rows.c
  ${CMAKE_CURRENT_LIST_DIR}/tally.c
  ${CMAKE_CURRENT_LIST_DIR}/wanted.c)
