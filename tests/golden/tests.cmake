# A simulated district through the whole program.
add_test(NAME golden.district
  COMMAND ${Python3_EXECUTABLE} ${CMAKE_CURRENT_SOURCE_DIR}/golden/district.py
          $<TARGET_FILE:psyscreen_cli>)
set_tests_properties(golden.district PROPERTIES LABELS golden TIMEOUT 900)
