set(here ${CMAKE_CURRENT_LIST_DIR})
foreach(subject rule_values rule_errors rule_program rule_edges truth_sum)
  psy_unit_test(${subject} ${here}/test_${subject}.c ${here}/rule_fixture.c)
endforeach()
psy_unit_test(rule_property ${here}/test_rule_property.c ${here}/rule_fixture.c
              ${here}/rule_trees.c ${here}/rule_oracle.c)
psy_unit_test(lanes ${CMAKE_CURRENT_LIST_DIR}/test_lanes.c)
