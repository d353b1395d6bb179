set(here ${CMAKE_CURRENT_LIST_DIR})
foreach(subject runs item_steps person_fit cohort_indices sheet_counts near_copies bursts
                every_index)
  psy_unit_test(${subject} ${here}/test_${subject}.c ${here}/small_grid.c)
endforeach()
psy_unit_test(use_signs ${here}/test_use_signs.c ${here}/../score/one_sheet.c ${here}/../score/catalogue.c)
