set(here ${CMAKE_CURRENT_LIST_DIR})
foreach(subject csv cell_grid cells codes header responses roster encodings two_ways plan_intake)
  psy_unit_test(${subject} ${here}/test_${subject}.c ${here}/intake_fixture.c)
endforeach()
psy_unit_test(xlsx ${here}/test_xlsx.c ${here}/xlsx_fixture.c ${here}/intake_fixture.c
              ${here}/../malloc_sweep.c)
