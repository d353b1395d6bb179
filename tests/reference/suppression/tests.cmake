set(here ${CMAKE_CURRENT_LIST_DIR})
psy_test_program(audit_tables ${here}/audit_tables.c)
add_test(NAME reference.suppression
  COMMAND ${Python3_EXECUTABLE} ${here}/check_suppression.py $<TARGET_FILE:audit_tables>)
set_tests_properties(reference.suppression PROPERTIES LABELS reference TIMEOUT 300)
