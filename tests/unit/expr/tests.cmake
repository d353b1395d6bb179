foreach(subject rule_values rule_errors)
  psy_unit_test(${subject} ${CMAKE_CURRENT_LIST_DIR}/test_${subject}.c
                ${CMAKE_CURRENT_LIST_DIR}/rule_fixture.c)
endforeach()
