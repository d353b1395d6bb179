# A target is a file fuzz_<name>.c with LLVMFuzzerTestOneInput; its corpus is corpus/<name>.
foreach(target decode number yaml instrument plan expression csv xlsx norms previous)
  if(EXISTS ${CMAKE_CURRENT_LIST_DIR}/fuzz_${target}.c)
    psy_fuzzer(${target} ${CMAKE_CURRENT_LIST_DIR}/fuzz_${target}.c)
  endif()
endforeach()
