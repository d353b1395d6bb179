# Opened by other programs; each that is not here is skipped, by name.
set(here ${CMAKE_CURRENT_LIST_DIR})
psy_test_program(seal_file ${here}/seal_file.c)
add_test(NAME reference.encryption
  COMMAND ${Python3_EXECUTABLE} ${here}/check_encryption.py $<TARGET_FILE:seal_file>
          ${here}/two_sheets.xlsx)
set_tests_properties(reference.encryption PROPERTIES LABELS reference TIMEOUT 300
  SKIP_RETURN_CODE 77)
