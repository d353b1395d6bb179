add_test(NAME schema.definitions
  COMMAND ${Python3_EXECUTABLE} ${CMAKE_CURRENT_LIST_DIR}/check_schema.py
          $<TARGET_FILE:psyscreen_cli> ${PROJECT_SOURCE_DIR})
set_tests_properties(schema.definitions PROPERTIES LABELS structure TIMEOUT 300)
