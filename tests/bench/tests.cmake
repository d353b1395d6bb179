# Benchmarks: not part of the tests; the target "bench" runs them.
foreach(subject score expr intake report run validity)
  if(EXISTS ${CMAKE_CURRENT_LIST_DIR}/bench_${subject}.c)
    psy_bench(${subject} ${CMAKE_CURRENT_LIST_DIR}/bench_${subject}.c)
  endif()
endforeach()
