target_sources(psyscreen_objects PRIVATE
  ${CMAKE_CURRENT_LIST_DIR}/bursts.c
  ${CMAKE_CURRENT_LIST_DIR}/cohort_signs.c
  ${CMAKE_CURRENT_LIST_DIR}/cross_products.c
  ${CMAKE_CURRENT_LIST_DIR}/evidence.c
  ${CMAKE_CURRENT_LIST_DIR}/grid.c
  ${CMAKE_CURRENT_LIST_DIR}/item_pairs.c
  ${CMAKE_CURRENT_LIST_DIR}/item_steps.c
  ${CMAKE_CURRENT_LIST_DIR}/mahalanobis.c
  ${CMAKE_CURRENT_LIST_DIR}/near_copies.c
  ${CMAKE_CURRENT_LIST_DIR}/person_fit.c
  ${CMAKE_CURRENT_LIST_DIR}/person_total.c
  ${CMAKE_CURRENT_LIST_DIR}/runs.c
  ${CMAKE_CURRENT_LIST_DIR}/sheet_signs.c
  ${CMAKE_CURRENT_LIST_DIR}/sheet_counts.c
  ${CMAKE_CURRENT_LIST_DIR}/use_grid.c
  ${CMAKE_CURRENT_LIST_DIR}/variability.c)
