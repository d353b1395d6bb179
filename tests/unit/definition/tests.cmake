set(here ${CMAKE_CURRENT_LIST_DIR})
foreach(subject bad_definitions tree instrument_model fingerprint catalog plan_model lint describe)
  psy_unit_test(${subject} ${here}/test_${subject}.c ${here}/definition_fixture.c)
endforeach()
psy_unit_test(definition_memory ${here}/test_definition_memory.c ${here}/definition_fixture.c
              ${here}/../malloc_sweep.c)
