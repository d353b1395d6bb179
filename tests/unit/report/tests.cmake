set(here ${CMAKE_CURRENT_LIST_DIR})
psy_unit_test(book ${here}/test_book.c)
psy_unit_test(squeeze ${here}/test_squeeze.c)
psy_unit_test(encryption ${here}/test_encryption.c ${here}/../malloc_sweep.c)
psy_unit_test(release_cells ${here}/test_release_cells.c)
psy_unit_test(report ${here}/test_report.c ${here}/report_fixture.c)
set_tests_properties(unit.report PROPERTIES TIMEOUT 900) # every allocation of every workbook fails

# The same run as files, compared part by part with the ones that were looked at.
psy_test_program(write_report_run ${PROJECT_SOURCE_DIR}/tests/golden/write_report_run.c
                 ${here}/report_fixture.c)
target_include_directories(write_report_run PRIVATE ${here})
add_test(NAME golden.report
  COMMAND ${Python3_EXECUTABLE} ${PROJECT_SOURCE_DIR}/tests/golden/compare_report.py
          $<TARGET_FILE:write_report_run> ${PROJECT_SOURCE_DIR}/tests/golden/report)
set_tests_properties(golden.report PROPERTIES LABELS golden TIMEOUT 300)
psy_unit_test(sealed_in ${CMAKE_CURRENT_LIST_DIR}/test_sealed_in.c)
