# The three programs of the README, compiled against the installed library by pkg-config and
# by the CMake package, and run.
add_test(NAME examples.installed
  COMMAND ${Python3_EXECUTABLE} ${CMAKE_CURRENT_SOURCE_DIR}/examples/try_installed.py
          ${PROJECT_SOURCE_DIR} ${PROJECT_BINARY_DIR} ${CMAKE_C_COMPILER})
set_tests_properties(examples.installed PROPERTIES LABELS examples TIMEOUT 300)
