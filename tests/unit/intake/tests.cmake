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
# The halves for machines other than x86-64 (base/vectors.h), in every build: these sources stand in
# for the library's, and the same tests run over them.
set(PSY_PORTABLE_SOURCES ${PROJECT_SOURCE_DIR}/lib/base/utf8.c
  ${PROJECT_SOURCE_DIR}/lib/score/kernel.c ${PROJECT_SOURCE_DIR}/lib/score/kept_scores.c)
foreach(file quick_run quick_turn csv row_place row_range rows)
  list(APPEND PSY_PORTABLE_SOURCES ${PROJECT_SOURCE_DIR}/lib/intake/${file}.c)
endforeach()
foreach(subject csv responses two_ways ranges)
  psy_unit_test(${subject}_portable ${here}/test_${subject}.c ${here}/intake_fixture.c
                ${PSY_PORTABLE_SOURCES})
  target_compile_definitions(unit_${subject}_portable PRIVATE PSYI_PORTABLE)
endforeach()
