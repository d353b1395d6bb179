set(here ${CMAKE_CURRENT_LIST_DIR})
foreach(subject bad_definitions tree)
  psy_unit_test(${subject} ${here}/test_${subject}.c ${here}/definition_fixture.c)
endforeach()
