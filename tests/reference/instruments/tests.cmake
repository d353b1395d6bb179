# Every instrument against a second reading of its key (README.md here).
if(TARGET psyscreen_cli)
  add_test(NAME reference.instruments
    COMMAND ${Python3_EXECUTABLE} ${CMAKE_CURRENT_LIST_DIR}/compare_instruments.py
            $<TARGET_FILE:psyscreen_cli> ${PROJECT_SOURCE_DIR}/instruments)
  set_tests_properties(reference.instruments PROPERTIES LABELS reference TIMEOUT 300)
endif()
# Mistakes of other programs, on sheets where they matter.
if(TARGET psyscreen_cli)
  add_test(NAME reference.wrong_implementations
    COMMAND ${Python3_EXECUTABLE} ${CMAKE_CURRENT_LIST_DIR}/wrong_implementations.py
            $<TARGET_FILE:psyscreen_cli> ${PROJECT_SOURCE_DIR}/instruments)
  set_tests_properties(reference.wrong_implementations PROPERTIES LABELS reference TIMEOUT 300)
endif()
