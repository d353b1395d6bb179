find_program(PSY_CXX NAMES c++ g++ clang++ clang++-14)
add_test(NAME structure.headers
  COMMAND ${Python3_EXECUTABLE} ${CMAKE_CURRENT_SOURCE_DIR}/headertest/check_headers.py
          ${CMAKE_C_COMPILER} "$<$<BOOL:${PSY_CXX}>:${PSY_CXX}>"
          ${PROJECT_SOURCE_DIR}/include ${PROJECT_BINARY_DIR}/include)
set_tests_properties(structure.headers PROPERTIES LABELS structure TIMEOUT 300)
