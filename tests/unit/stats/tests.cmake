set(here ${CMAKE_CURRENT_LIST_DIR})
foreach(subject reliability one_factor change keycheck)
  psy_unit_test(${subject} ${here}/test_${subject}.c)
endforeach()
