target_sources(psyscreen_objects PRIVATE
  ${CMAKE_CURRENT_LIST_DIR}/check_files.c
  ${CMAKE_CURRENT_LIST_DIR}/critical.c
  ${CMAKE_CURRENT_LIST_DIR}/dossier_read.c
  ${CMAKE_CURRENT_LIST_DIR}/earlier_run.c
  ${CMAKE_CURRENT_LIST_DIR}/journal.c
  ${CMAKE_CURRENT_LIST_DIR}/key_file.c
  ${CMAKE_CURRENT_LIST_DIR}/outputs.c
  ${CMAKE_CURRENT_LIST_DIR}/part_run.c
  ${CMAKE_CURRENT_LIST_DIR}/released.c
  ${CMAKE_CURRENT_LIST_DIR}/remembered.c
  ${CMAKE_CURRENT_LIST_DIR}/screening_run.c
  ${CMAKE_CURRENT_LIST_DIR}/role_files.c
  ${CMAKE_CURRENT_LIST_DIR}/school_names.c
  ${CMAKE_CURRENT_LIST_DIR}/simulate.c
  ${CMAKE_CURRENT_LIST_DIR}/simulate_answers.c
  ${CMAKE_CURRENT_LIST_DIR}/simulate_batteries.c
  ${CMAKE_CURRENT_LIST_DIR}/simulate_pupils.c)
