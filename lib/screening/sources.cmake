target_sources(psyscreen_objects PRIVATE
  ${CMAKE_CURRENT_LIST_DIR}/simulate.c
  ${CMAKE_CURRENT_LIST_DIR}/simulate_answers.c
  ${CMAKE_CURRENT_LIST_DIR}/simulate_batteries.c
  ${CMAKE_CURRENT_LIST_DIR}/simulate_pupils.c)
