psy_reference_test(careless_rates ${CMAKE_CURRENT_LIST_DIR}/test_careless_rates.c
  ${CMAKE_CURRENT_LIST_DIR}/../plain_csv.c)
