# What needs no Python packages; everything else is run by test.sh (make test).
add_test(NAME python.symbols
  COMMAND ${Python3_EXECUTABLE} ${CMAKE_CURRENT_LIST_DIR}/check_bound.py ${PROJECT_SOURCE_DIR})
set_tests_properties(python.symbols PROPERTIES LABELS structure)
