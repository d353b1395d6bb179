target_sources(psyscreen_objects PRIVATE
  ${CMAKE_CURRENT_LIST_DIR}/blank_items.c
  ${CMAKE_CURRENT_LIST_DIR}/case_marks.c
  ${CMAKE_CURRENT_LIST_DIR}/exceedance.c
  ${CMAKE_CURRENT_LIST_DIR}/gathered.c
  ${CMAKE_CURRENT_LIST_DIR}/interval_words.c
  ${CMAKE_CURRENT_LIST_DIR}/limit_words.c
  ${CMAKE_CURRENT_LIST_DIR}/nearness.c
  ${CMAKE_CURRENT_LIST_DIR}/operand_words.c
  ${CMAKE_CURRENT_LIST_DIR}/reason.c
  ${CMAKE_CURRENT_LIST_DIR}/reason_values.c
  ${CMAKE_CURRENT_LIST_DIR}/rule_block.c
  ${CMAKE_CURRENT_LIST_DIR}/rule_run.c
  ${CMAKE_CURRENT_LIST_DIR}/rulebook.c
  ${CMAKE_CURRENT_LIST_DIR}/shifted.c
  ${CMAKE_CURRENT_LIST_DIR}/what_if.c)
