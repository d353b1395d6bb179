target_sources(psyscreen_objects PRIVATE
  ${CMAKE_CURRENT_LIST_DIR}/change_index.c
  ${CMAKE_CURRENT_LIST_DIR}/clinical_change.c
  ${CMAKE_CURRENT_LIST_DIR}/clustering.c
  ${CMAKE_CURRENT_LIST_DIR}/covariance.c
  ${CMAKE_CURRENT_LIST_DIR}/key_fit.c
  ${CMAKE_CURRENT_LIST_DIR}/funnel.c
  ${CMAKE_CURRENT_LIST_DIR}/hidden_search.c
  ${CMAKE_CURRENT_LIST_DIR}/hidden_system.c
  ${CMAKE_CURRENT_LIST_DIR}/hidden_walk.c
  ${CMAKE_CURRENT_LIST_DIR}/keycheck.c
  ${CMAKE_CURRENT_LIST_DIR}/omega.c
  ${CMAKE_CURRENT_LIST_DIR}/one_factor.c
  ${CMAKE_CURRENT_LIST_DIR}/reliability.c
  ${CMAKE_CURRENT_LIST_DIR}/suppression.c
  ${CMAKE_CURRENT_LIST_DIR}/wave_sample.c
  ${CMAKE_CURRENT_LIST_DIR}/wave_scales.c
  ${CMAKE_CURRENT_LIST_DIR}/wave_validity.c)
