target_sources(psyscreen_objects PRIVATE
  ${CMAKE_CURRENT_LIST_DIR}/big.c
  ${CMAKE_CURRENT_LIST_DIR}/cholesky.c
  ${CMAKE_CURRENT_LIST_DIR}/distributions.c
  ${CMAKE_CURRENT_LIST_DIR}/graded.c
  ${CMAKE_CURRENT_LIST_DIR}/incomplete_beta.c
  ${CMAKE_CURRENT_LIST_DIR}/incomplete_gamma.c)
