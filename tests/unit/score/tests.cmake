set(here ${CMAKE_CURRENT_LIST_DIR})
psy_unit_test(kernel ${here}/test_kernel.c ${here}/catalogue.c)
psy_unit_test(scorer ${here}/test_scorer.c ${here}/one_sheet.c ${here}/catalogue.c)
psy_unit_test(examples ${here}/test_examples.c ${here}/catalogue.c
  ${here}/../small_arena.c)
psy_unit_test(public_score ${here}/test_public_score.c ${here}/catalogue.c
  ${here}/../small_arena.c)
psy_unit_test(score_properties ${here}/test_properties.c ${here}/naive.c ${here}/naive_block.c
  ${here}/naive_people.c ${here}/batch.c ${here}/catalogue.c)
psy_unit_test(scorer_memory ${here}/test_scorer_memory.c ${here}/catalogue.c
  ${here}/../small_arena.c)
psy_unit_test(kept_scores ${here}/test_kept_scores.c)
psy_unit_test(standard_edges ${here}/test_standard_edges.c ${here}/catalogue.c)
psy_unit_test(completions ${here}/test_completions.c ${here}/batch.c ${here}/catalogue.c)
psy_unit_test(norm_notes ${here}/test_norm_notes.c ${here}/../small_arena.c)
psy_unit_test(score_edges ${here}/test_score_edges.c ${here}/one_sheet.c ${here}/catalogue.c)
psy_unit_test(norm_columns ${here}/test_norm_columns.c ${here}/one_sheet.c ${here}/catalogue.c
  ${here}/../small_arena.c)
psy_unit_test(narrowing ${here}/test_narrowing.c ${here}/batch.c ${here}/catalogue.c)
# As in ../intake/tests.cmake: what is for machines other than x86-64.
foreach(subject kernel kept_scores scorer score_properties)
  get_target_property(sources unit_${subject} SOURCES)
  psy_unit_test(${subject}_portable ${sources} ${PSY_PORTABLE_SOURCES})
  target_compile_definitions(unit_${subject}_portable PRIVATE PSYI_PORTABLE)
endforeach()
