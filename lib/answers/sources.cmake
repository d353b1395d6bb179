target_sources(psyscreen_objects PRIVATE
  ${CMAKE_CURRENT_LIST_DIR}/coding.c
  ${CMAKE_CURRENT_LIST_DIR}/memory_answers.c
  ${CMAKE_CURRENT_LIST_DIR}/needed.c
  ${CMAKE_CURRENT_LIST_DIR}/person_words.c
  ${CMAKE_CURRENT_LIST_DIR}/sheets.c
  ${CMAKE_CURRENT_LIST_DIR}/strided.c)
