# Numbers from other software or from print; each folder says where its numbers come from.
set(here ${CMAKE_CURRENT_LIST_DIR})
psy_reference_test(b_norms ${here}/b_norms/test_b_norms.c ${here}/plain_csv.c)
psy_reference_test(norm_conventions ${here}/b_norms/test_conventions.c ${here}/plain_csv.c
  ${here}/plain_json.c)
foreach(set b_cnorm c_irt h_merge)
  psy_reference_test(${set} ${here}/${set}/test_${set}.c ${here}/plain_csv.c
    ${here}/plain_json.c)
endforeach()
psy_reference_test(g_comparison ${here}/g_comparison/test_g_comparison.c ${here}/plain_csv.c)
psy_reference_test(h_gsl ${here}/h_gsl/test_h_gsl.c ${here}/plain_csv.c)
psy_reference_test(psych_live ${here}/psych_live/test_psych_live.c)
foreach(set d_reliability e_careless f_change)
  psy_reference_test(${set} ${here}/${set}/test_${set}.c ${here}/plain_csv.c
    ${here}/plain_json.c)
endforeach()

psy_test_program(score_stdin ${here}/score_stdin.c)
foreach(set a_scoring real psych_live)
  set(name ${set})
  if(set STREQUAL psych_live)
    set(name psych_live_scoring)
  endif()
  add_test(NAME reference.${name}
    COMMAND ${Python3_EXECUTABLE} ${here}/compare_scores.py $<TARGET_FILE:score_stdin>
            ${PROJECT_SOURCE_DIR} ${set})
  set_tests_properties(reference.${name} PROPERTIES LABELS reference TIMEOUT 300
    SKIP_RETURN_CODE 77)
endforeach()
add_test(NAME reference.c_irt_program
  COMMAND ${Python3_EXECUTABLE} ${here}/c_irt/compare_patterns.py $<TARGET_FILE:psyscreen_cli>)
set_tests_properties(reference.c_irt_program PROPERTIES LABELS reference TIMEOUT 300)
psy_reference_test(norms_live ${here}/norms_live/test_norms_live.c ${here}/plain_csv.c)
foreach(set irt_live change_live careless_live metafor_live norm_tables_live)
  psy_reference_test(${set} ${here}/${set}/test_${set}.c ${here}/live_r.c ${here}/plain_csv.c)
endforeach()
include(${here}/instruments/tests.cmake)
include(${CMAKE_CURRENT_LIST_DIR}/encryption/tests.cmake)
include(${CMAKE_CURRENT_LIST_DIR}/suppression/tests.cmake)
include(${CMAKE_CURRENT_LIST_DIR}/wave_quality/tests.cmake)
include(${CMAKE_CURRENT_LIST_DIR}/careless_sim/tests.cmake)
include(${CMAKE_CURRENT_LIST_DIR}/careless_rates/tests.cmake)
