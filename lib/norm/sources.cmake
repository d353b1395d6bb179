target_sources(psyscreen_objects PRIVATE
  ${CMAKE_CURRENT_LIST_DIR}/count_parts.c
  ${CMAKE_CURRENT_LIST_DIR}/histogram.c
  ${CMAKE_CURRENT_LIST_DIR}/interval.c
  ${CMAKE_CURRENT_LIST_DIR}/local_groups.c
  ${CMAKE_CURRENT_LIST_DIR}/local_round.c
  ${CMAKE_CURRENT_LIST_DIR}/local_set.c
  ${CMAKE_CURRENT_LIST_DIR}/model_apply.c
  ${CMAKE_CURRENT_LIST_DIR}/norm_apply.c
  ${CMAKE_CURRENT_LIST_DIR}/norm_marks.c
  ${CMAKE_CURRENT_LIST_DIR}/norms_table.c
  ${CMAKE_CURRENT_LIST_DIR}/public_norms.c
  ${CMAKE_CURRENT_LIST_DIR}/conventions.c
  ${CMAKE_CURRENT_LIST_DIR}/counts.c
  ${CMAKE_CURRENT_LIST_DIR}/counts_write.c)
