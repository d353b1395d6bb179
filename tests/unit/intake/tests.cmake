set(here ${CMAKE_CURRENT_LIST_DIR})
foreach(subject odd_tables csv cell_grid cells codes header responses roster encodings two_ways ranges plan_intake arrow_answers)
  psy_unit_test(${subject} ${here}/test_${subject}.c ${here}/intake_fixture.c)
endforeach()
psy_unit_test(xlsx ${here}/test_xlsx.c ${here}/xlsx_fixture.c ${here}/intake_fixture.c
              ${here}/../malloc_sweep.c)
psy_unit_test(sav ${here}/test_sav.c ${here}/intake_fixture.c)
if(PSY_HAVE_READSTAT)
  target_compile_definitions(unit_sav PRIVATE PSY_HAVE_READSTAT)
endif()
# What a build without libreadstat (PSY_WITH_SAV=OFF) says of SPSS files, in every build.
psy_unit_test(sav_absent ${here}/test_sav.c ${here}/intake_fixture.c
              ${PROJECT_SOURCE_DIR}/lib/intake/sav_absent.c)
psy_unit_test(question ${here}/test_question.c)
