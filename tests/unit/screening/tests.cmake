set(here ${CMAKE_CURRENT_LIST_DIR})
set(psy_run ${here}/run_directory.c ${here}/../cohort/screening_ward.c)
foreach(name run journal critical check outside what_if run_memory norm_memory make_up_property
             dossier parts released collect entries)
  psy_unit_test(screening_${name} ${here}/test_${name}.c ${psy_run})
  target_include_directories(unit_screening_${name} PRIVATE ${here}/../cohort)
endforeach()
psy_unit_test(screening_manifest_read ${here}/test_manifest_read.c)
psy_unit_test(screening_sealed_run ${here}/test_sealed_run.c ${psy_run})
target_include_directories(unit_screening_sealed_run PRIVATE ${here}/../cohort)
psy_unit_test(screening_draft ${here}/test_draft.c)
psy_unit_test(screening_parts_policy ${here}/test_parts_policy.c
  ${here}/../cohort/policy_sheets.c ${here}/../cohort/screening_ward.c)
target_include_directories(unit_screening_parts_policy PRIVATE ${here}/../cohort)
psy_unit_test(screening_quality ${here}/test_quality.c ${here}/../cohort/policy_sheets.c
  ${here}/../cohort/screening_ward.c)
target_include_directories(unit_screening_quality PRIVATE ${here}/../cohort)
psy_unit_test(screening_shares ${here}/test_shares.c ${psy_run})
target_include_directories(unit_screening_shares PRIVATE ${here}/../cohort)
