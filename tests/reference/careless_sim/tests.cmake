psy_reference_test(careless_sim ${CMAKE_CURRENT_LIST_DIR}/test_careless_sim.c)
