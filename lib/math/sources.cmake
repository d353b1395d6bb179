target_sources(psyscreen_objects PRIVATE
  ${CMAKE_CURRENT_LIST_DIR}/big.c
  ${CMAKE_CURRENT_LIST_DIR}/cholesky.c
  ${CMAKE_CURRENT_LIST_DIR}/distributions.c
  ${CMAKE_CURRENT_LIST_DIR}/graded.c
  ${CMAKE_CURRENT_LIST_DIR}/incomplete_beta.c
  ${CMAKE_CURRENT_LIST_DIR}/incomplete_gamma.c
  ${CMAKE_CURRENT_LIST_DIR}/irt.c
  ${CMAKE_CURRENT_LIST_DIR}/lms.c
  ${CMAKE_CURRENT_LIST_DIR}/moments.c
  ${CMAKE_CURRENT_LIST_DIR}/regression_norm.c
  ${CMAKE_CURRENT_LIST_DIR}/shrinkage.c)
