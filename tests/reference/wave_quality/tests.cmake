add_test(NAME reference.wave_quality
  COMMAND ${Python3_EXECUTABLE} ${CMAKE_CURRENT_LIST_DIR}/check_wave.py
          $<TARGET_FILE:psyscreen_cli> ${PROJECT_SOURCE_DIR})
set_tests_properties(reference.wave_quality PROPERTIES LABELS reference TIMEOUT 300)
