set(here ${CMAKE_CURRENT_LIST_DIR})
foreach(subject table arrow findings findings_take)
  psy_unit_test(${subject} ${here}/test_${subject}.c)
endforeach()
