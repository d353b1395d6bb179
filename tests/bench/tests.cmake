# Benchmarks: not part of the tests; the target "bench" runs them.
foreach(subject score expr intake report run validity)
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
