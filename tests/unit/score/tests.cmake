set(here ${CMAKE_CURRENT_LIST_DIR})
set(score_support ${here}/catalogue.c)
psy_unit_test(score_properties ${here}/test_properties.c ${here}/naive.c ${score_support})
