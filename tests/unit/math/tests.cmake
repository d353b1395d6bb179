set(here ${CMAKE_CURRENT_LIST_DIR})
psy_unit_test(big ${here}/test_big.c)
psy_unit_test(cholesky ${here}/test_cholesky.c)
psy_unit_test(models ${here}/test_models.c)
