# Benchmarks: not part of the tests; `make bench` runs them.
foreach(subject score encrypt expr intake report run validity decide)
  if(EXISTS ${CMAKE_CURRENT_LIST_DIR}/bench_${subject}.c)
    psy_bench(${subject} ${CMAKE_CURRENT_LIST_DIR}/bench_${subject}.c)
  endif()
endforeach()

# The peer of the CSV reader; without it its row is left out and named.
find_path(PSY_LIBCSV_INCLUDE csv.h)
find_library(PSY_LIBCSV_LIBRARY csv)
if(PSY_LIBCSV_INCLUDE AND PSY_LIBCSV_LIBRARY)
  target_compile_definitions(bench_intake PRIVATE PSY_HAVE_LIBCSV)
  target_include_directories(bench_intake PRIVATE ${PSY_LIBCSV_INCLUDE})
  target_link_libraries(bench_intake PRIVATE ${PSY_LIBCSV_LIBRARY})
endif()
# A clock around the library's own steps.
foreach(step score_all sheet_validity freeze_norms cohort_validity judge_validity judge
             settle_status)
  target_link_options(bench_decide PRIVATE -Wl,--wrap=psyi_${step})
endforeach()
# The same sheets in R, where it is installed.
find_program(PSY_RSCRIPT Rscript)
if(PSY_RSCRIPT)
  add_custom_target(run_bench_validity_peers
    COMMAND ${PSY_RSCRIPT} ${CMAKE_CURRENT_LIST_DIR}/peers/validity_peers.R
            $<TARGET_FILE:bench_validity> ${PROJECT_BINARY_DIR}/bench_validity
    DEPENDS bench_validity WORKING_DIRECTORY ${PROJECT_SOURCE_DIR} USES_TERMINAL)
else()
  add_custom_target(run_bench_validity_peers
    COMMAND ${CMAKE_COMMAND} -E echo "validity beside R: skipped, no Rscript")
endif()
# Its peaks are told beside the program's.
target_include_directories(bench_intake PRIVATE ${PROJECT_SOURCE_DIR}/bindings/cli)
