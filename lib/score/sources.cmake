target_sources(psyscreen_objects PRIVATE
  ${CMAKE_CURRENT_LIST_DIR}/bands.c
  ${CMAKE_CURRENT_LIST_DIR}/flags.c
  ${CMAKE_CURRENT_LIST_DIR}/gather.c
  ${CMAKE_CURRENT_LIST_DIR}/item_lanes.c
  ${CMAKE_CURRENT_LIST_DIR}/kernel.c
  ${CMAKE_CURRENT_LIST_DIR}/plan_items.c
  ${CMAKE_CURRENT_LIST_DIR}/plan_people.c
  ${CMAKE_CURRENT_LIST_DIR}/plan_scales.c
  ${CMAKE_CURRENT_LIST_DIR}/scale_score.c
  ${CMAKE_CURRENT_LIST_DIR}/scorer.c
  ${CMAKE_CURRENT_LIST_DIR}/standard_score.c
  ${CMAKE_CURRENT_LIST_DIR}/steps.c
  ${CMAKE_CURRENT_LIST_DIR}/tile.c
  ${CMAKE_CURRENT_LIST_DIR}/tile_block.c)
