add_test(NAME docs.instruments
  COMMAND ${Python3_EXECUTABLE} ${CMAKE_CURRENT_LIST_DIR}/check_blocks.py
          $<TARGET_FILE:psyscreen_cli> ${PROJECT_SOURCE_DIR}/docs/instruments.md)
set_tests_properties(docs.instruments PROPERTIES LABELS structure TIMEOUT 120)
add_test(NAME docs.readme
  COMMAND ${Python3_EXECUTABLE} ${CMAKE_CURRENT_LIST_DIR}/check_blocks.py
          $<TARGET_FILE:psyscreen_cli> ${PROJECT_SOURCE_DIR}/README.md)
set_tests_properties(docs.readme PROPERTIES LABELS structure TIMEOUT 120)
