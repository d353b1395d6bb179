set(here ${CMAKE_CURRENT_LIST_DIR})
foreach(subject markup memory error sort shelf spill text number ratio json_reader)
  psy_unit_test(${subject} ${here}/test_${subject}.c)
endforeach()
foreach(subject encoding digest file parallel)
  psy_unit_test(${subject} ${here}/test_${subject}.c ${here}/../malloc_sweep.c)
endforeach()

# Locales made for the tests alone, one of them with a decimal comma; without them tests skip,
# by name.
find_program(PSY_LOCALEDEF localedef)
foreach(locale de_DE zh_CN)
  if(PSY_LOCALEDEF AND NOT EXISTS ${PROJECT_BINARY_DIR}/locale/${locale}.UTF-8)
    file(MAKE_DIRECTORY ${PROJECT_BINARY_DIR}/locale)
    execute_process(COMMAND ${PSY_LOCALEDEF} -i ${locale} -f UTF-8
                            ${PROJECT_BINARY_DIR}/locale/${locale}.UTF-8
                    OUTPUT_QUIET ERROR_QUIET RESULT_VARIABLE ignored)
  endif()
endforeach()
if(EXISTS ${PROJECT_BINARY_DIR}/locale/de_DE.UTF-8)
  set_tests_properties(unit.number unit.parallel PROPERTIES
    ENVIRONMENT LOCPATH=${PROJECT_BINARY_DIR}/locale)
endif()
# What is for machines other than x86-64 (base/vectors.h); more in ../intake and ../score.
psy_unit_test(text_portable ${here}/test_text.c ${PROJECT_SOURCE_DIR}/lib/base/utf8.c)
target_compile_definitions(unit_text_portable PRIVATE PSYI_PORTABLE)
