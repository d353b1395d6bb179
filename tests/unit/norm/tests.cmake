set(here ${CMAKE_CURRENT_LIST_DIR})
foreach(subject norm_apply histogram public_norms standard_score local_set norm_models)
  psy_unit_test(${subject} ${here}/test_${subject}.c)
endforeach()
