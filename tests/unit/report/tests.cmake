set(here ${CMAKE_CURRENT_LIST_DIR})
psy_unit_test(book ${here}/test_book.c)
psy_unit_test(suppress ${here}/test_suppress.c)
