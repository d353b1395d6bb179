add_test(NAME structure.wording
  COMMAND ${Python3_EXECUTABLE} ${CMAKE_CURRENT_LIST_DIR}/check_wording.py ${PROJECT_SOURCE_DIR})
set_tests_properties(structure.wording PROPERTIES LABELS structure)
