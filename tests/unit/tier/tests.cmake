set(here ${CMAKE_CURRENT_LIST_DIR})
set(psy_ward ${here}/../cohort/screening_ward.c)
psy_unit_test(tier_words ${here}/test_words.c ${psy_ward})
target_include_directories(unit_tier_words PRIVATE ${here}/../cohort)
