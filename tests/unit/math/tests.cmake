set(here ${CMAKE_CURRENT_LIST_DIR})
psy_unit_test(big ${here}/test_big.c)
