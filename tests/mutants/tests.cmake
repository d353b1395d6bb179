# Ten shifts of cut-offs and flags are known to survive the whole (RCADS T bands, three gates,
# one note): hence --tier-left; make it smaller with each example that is added.
# A sample of the damage that `make mutants` does; the whole takes minutes.
add_test(NAME mutants.sample
  COMMAND ${Python3_EXECUTABLE} ${CMAKE_CURRENT_LIST_DIR}/mutate.py
          $<TARGET_FILE:psyscreen_cli> ${PROJECT_SOURCE_DIR}/instruments --cap 1 --seed 7 --goal 98 --tier-left 3)
set_tests_properties(mutants.sample PROPERTIES LABELS structure TIMEOUT 600)
