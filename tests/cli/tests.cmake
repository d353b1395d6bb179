# The command line, case by case.
add_test(NAME cli.cases
  COMMAND ${Python3_EXECUTABLE} ${CMAKE_CURRENT_SOURCE_DIR}/cli/run.py
          $<TARGET_FILE:psyscreen_cli> ${CMAKE_CURRENT_SOURCE_DIR}/cli)
set_tests_properties(cli.cases PROPERTIES LABELS cli TIMEOUT 600)
