# Sanitizers and coverage bring symbols and state of their own.
if(BUILD_SHARED_LIBS AND NOT PSY_SANITIZE AND NOT PSY_COVERAGE AND NOT PSY_FUZZ)
  add_test(NAME structure.symbols
    COMMAND ${Python3_EXECUTABLE} ${CMAKE_CURRENT_SOURCE_DIR}/abi/check_symbols.py
            $<TARGET_FILE:psyscreen> $<TARGET_FILE:psyscreen_internal>)
  set_tests_properties(structure.symbols PROPERTIES LABELS structure)
endif()
