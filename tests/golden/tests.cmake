# A simulated district through the whole program.
add_test(NAME golden.district
  COMMAND ${Python3_EXECUTABLE} ${CMAKE_CURRENT_SOURCE_DIR}/golden/district.py
          $<TARGET_FILE:psyscreen_cli>)
set_tests_properties(golden.district PROPERTIES LABELS golden TIMEOUT 900)

# Real answers of real people, where they are at hand.
add_test(NAME golden.open_data
  COMMAND ${Python3_EXECUTABLE} ${CMAKE_CURRENT_SOURCE_DIR}/golden/open_data.py
          $<TARGET_FILE:psyscreen_cli> ${PROJECT_SOURCE_DIR})
set_tests_properties(golden.open_data PROPERTIES LABELS golden TIMEOUT 300 SKIP_RETURN_CODE 77)

# Files for one role hold what its allow-list says.
add_test(NAME golden.roles
  COMMAND ${Python3_EXECUTABLE} ${CMAKE_CURRENT_SOURCE_DIR}/golden/roles.py
          $<TARGET_FILE:psyscreen_cli>)
set_tests_properties(golden.roles PROPERTIES LABELS golden TIMEOUT 300)

# Workbooks of schools with some of their sheets.
add_test(NAME golden.chosen_sheets
  COMMAND ${Python3_EXECUTABLE} ${CMAKE_CURRENT_SOURCE_DIR}/golden/chosen_sheets.py
          $<TARGET_FILE:psyscreen_cli>)
set_tests_properties(golden.chosen_sheets PROPERTIES LABELS golden TIMEOUT 300)

# One student over two waves.
add_test(NAME golden.dossier
  COMMAND ${Python3_EXECUTABLE} ${CMAKE_CURRENT_SOURCE_DIR}/golden/dossier.py
          $<TARGET_FILE:psyscreen_cli>)
set_tests_properties(golden.dossier PROPERTIES LABELS golden TIMEOUT 300)

# A reader of the district's workbook alone tries to work out what it hides.
add_test(NAME golden.district_hidden
  COMMAND ${Python3_EXECUTABLE} ${CMAKE_CURRENT_SOURCE_DIR}/golden/district_hidden.py
          $<TARGET_FILE:psyscreen_cli>)
set_tests_properties(golden.district_hidden PROPERTIES LABELS golden TIMEOUT 600)
add_test(NAME golden.platform_export
  COMMAND ${Python3_EXECUTABLE} ${CMAKE_CURRENT_LIST_DIR}/platform_export.py
    $<TARGET_FILE:psyscreen_cli> ${PROJECT_SOURCE_DIR}/instruments
    ${CMAKE_CURRENT_BINARY_DIR}/platform_export)
set_tests_properties(golden.platform_export PROPERTIES LABELS golden TIMEOUT 300)

# Killed, full and edited; 200 kills: tests/golden/kill.py PROGRAM --kills 200
add_test(NAME golden.kill
  COMMAND ${Python3_EXECUTABLE} ${CMAKE_CURRENT_SOURCE_DIR}/golden/kill.py
          $<TARGET_FILE:psyscreen_cli> --kills 20)
set_tests_properties(golden.kill PROPERTIES LABELS golden TIMEOUT 900)

# The same with passwords; 200 kills: tests/golden/kill_sealed.py PROGRAM --kills 200
add_test(NAME golden.kill_sealed
  COMMAND ${Python3_EXECUTABLE} ${CMAKE_CURRENT_SOURCE_DIR}/golden/kill_sealed.py
          $<TARGET_FILE:psyscreen_cli> --kills 10)
set_tests_properties(golden.kill_sealed PROPERTIES LABELS golden TIMEOUT 900 SKIP_RETURN_CODE 77)

# Workbooks read by other programs, where they are.
add_test(NAME golden.readers
  COMMAND ${Python3_EXECUTABLE} ${CMAKE_CURRENT_SOURCE_DIR}/golden/readers.py
          $<TARGET_FILE:psyscreen_cli>)
set_tests_properties(golden.readers PROPERTIES LABELS golden TIMEOUT 900)

# Names and numbers of students that want to break something.
add_test(NAME golden.hostile
  COMMAND ${Python3_EXECUTABLE} ${CMAKE_CURRENT_SOURCE_DIR}/golden/hostile.py
          $<TARGET_FILE:psyscreen_cli>)
set_tests_properties(golden.hostile PROPERTIES LABELS golden TIMEOUT 600)

# A pilot class is a district, too.
add_test(NAME golden.tiny_districts
  COMMAND ${Python3_EXECUTABLE} ${CMAKE_CURRENT_SOURCE_DIR}/golden/tiny_districts.py
          $<TARGET_FILE:psyscreen_cli>)
set_tests_properties(golden.tiny_districts PROPERTIES LABELS golden TIMEOUT 600)

# A second release of a wave.
add_test(NAME golden.make_up
  COMMAND ${Python3_EXECUTABLE} ${CMAKE_CURRENT_SOURCE_DIR}/golden/make_up.py
          $<TARGET_FILE:psyscreen_cli>)
set_tests_properties(golden.make_up PROPERTIES LABELS golden TIMEOUT 120)

# The same bytes for threads, orders of rows, locales and memory budgets.  The program asks for no
# locale, so that one is set for it: the same commands linked to a file that does.
get_target_property(PSY_CLI_SOURCES psyscreen_cli SOURCES)
list(TRANSFORM PSY_CLI_SOURCES PREPEND ${PROJECT_SOURCE_DIR}/bindings/cli/)
add_executable(psyscreen_in_locale ${PSY_CLI_SOURCES} golden/locale_first.c)
target_link_libraries(psyscreen_in_locale PRIVATE psyscreen::psyscreen)
target_compile_definitions(psyscreen_in_locale PRIVATE
  _GNU_SOURCE PSY_DATADIR="${CMAKE_INSTALL_FULL_DATADIR}/psyscreen")
set_target_properties(psyscreen_in_locale PROPERTIES
  RUNTIME_OUTPUT_DIRECTORY $<TARGET_FILE_DIR:psyscreen_cli>)
add_test(NAME golden.identity
  COMMAND ${Python3_EXECUTABLE} ${CMAKE_CURRENT_SOURCE_DIR}/golden/identity.py
          $<TARGET_FILE:psyscreen_cli> ${PROJECT_BINARY_DIR}/locale
          $<TARGET_FILE:psyscreen_in_locale>)
set_tests_properties(golden.identity PROPERTIES LABELS golden TIMEOUT 900)

# What the audit does not pass is not published.  Nothing passes by once the search for companions is
# taken away, which the linker does.
add_executable(psyscreen_that_leaks ${PSY_CLI_SOURCES} golden/nothing_beside.c)
target_link_libraries(psyscreen_that_leaks PRIVATE psyscreen_internal)
target_compile_definitions(psyscreen_that_leaks PRIVATE
  _GNU_SOURCE PSY_DATADIR="${CMAKE_INSTALL_FULL_DATADIR}/psyscreen")
foreach(name psyi_companions_may_hide psyi_companion_of psyi_companion_near psyi_companion_far)
  target_link_options(psyscreen_that_leaks PRIVATE -Wl,--wrap=${name})
endforeach()
set_target_properties(psyscreen_that_leaks PROPERTIES
  RUNTIME_OUTPUT_DIRECTORY $<TARGET_FILE_DIR:psyscreen_cli>)
add_test(NAME golden.leak
  COMMAND ${Python3_EXECUTABLE} ${CMAKE_CURRENT_SOURCE_DIR}/golden/leak.py
          $<TARGET_FILE:psyscreen_cli> $<TARGET_FILE:psyscreen_that_leaks>)
set_tests_properties(golden.leak PROPERTIES LABELS golden TIMEOUT 120)

# What schools wrote into their ledgers comes back as it was written.
add_test(NAME golden.collect
  COMMAND ${Python3_EXECUTABLE} ${CMAKE_CURRENT_SOURCE_DIR}/golden/collect.py
          $<TARGET_FILE:psyscreen_cli>)
set_tests_properties(golden.collect PROPERTIES LABELS golden TIMEOUT 300)

# Pupils to whom the roster gives no number.
add_test(NAME golden.numberless
  COMMAND ${Python3_EXECUTABLE} ${CMAKE_CURRENT_SOURCE_DIR}/golden/numberless.py
          $<TARGET_FILE:psyscreen_cli>)
set_tests_properties(golden.numberless PROPERTIES LABELS golden TIMEOUT 120)

# A class that a roster writes in several ways.
add_test(NAME golden.class_spellings
  COMMAND ${Python3_EXECUTABLE} ${CMAKE_CURRENT_SOURCE_DIR}/golden/class_spellings.py
          $<TARGET_FILE:psyscreen_cli>)
set_tests_properties(golden.class_spellings PROPERTIES LABELS golden TIMEOUT 120)

# Charts know nothing that is hidden, and the funnel is what its source says.
add_test(NAME golden.district_charts
  COMMAND ${Python3_EXECUTABLE} ${CMAKE_CURRENT_SOURCE_DIR}/golden/district_charts.py
          $<TARGET_FILE:psyscreen_cli>)
set_tests_properties(golden.district_charts PROPERTIES LABELS golden TIMEOUT 600)

# No larger than what libxlsxwriter alone writes, or hardly.
add_test(NAME golden.sizes
  COMMAND ${Python3_EXECUTABLE} ${CMAKE_CURRENT_SOURCE_DIR}/golden/sizes.py
          $<TARGET_FILE:psyscreen_cli>)
set_tests_properties(golden.sizes PROPERTIES LABELS golden TIMEOUT 600)

# The critical list from files that are still being written.
add_test(NAME golden.critical_morning
  COMMAND ${Python3_EXECUTABLE} ${CMAKE_CURRENT_SOURCE_DIR}/golden/critical_morning.py
          $<TARGET_FILE:psyscreen_cli>)
set_tests_properties(golden.critical_morning PROPERTIES LABELS golden TIMEOUT 600)

# Small random districts, reconciled by a slow plain reading of the rules as well; 1,000 of them:
# tests/golden/reconcile.py PROGRAM --districts 1000
add_test(NAME golden.reconcile
  COMMAND ${Python3_EXECUTABLE} ${CMAKE_CURRENT_SOURCE_DIR}/golden/reconcile.py
          $<TARGET_FILE:psyscreen_cli> --districts 60)
set_tests_properties(golden.reconcile PROPERTIES LABELS golden TIMEOUT 600)

# Two publications of a wave, subtracted.
add_test(NAME golden.publications
  COMMAND ${Python3_EXECUTABLE} ${CMAKE_CURRENT_SOURCE_DIR}/golden/publications.py
          $<TARGET_FILE:psyscreen_cli>)
set_tests_properties(golden.publications PROPERTIES LABELS golden TIMEOUT 300)
# Random districts, published twice, attacked with both files.
add_test(NAME golden.random_publications
  COMMAND ${Python3_EXECUTABLE} ${CMAKE_CURRENT_SOURCE_DIR}/golden/random_publications.py
    $<TARGET_FILE:psyscreen_cli>)
set_tests_properties(golden.random_publications PROPERTIES LABELS golden TIMEOUT 600)

# Random plans and spoilt data: threads, budgets, writers and the order of rows change nothing.
add_test(NAME golden.random_districts
  COMMAND ${Python3_EXECUTABLE} ${CMAKE_CURRENT_SOURCE_DIR}/golden/random_districts.py
    $<TARGET_FILE:psyscreen_cli>)
set_tests_properties(golden.random_districts PROPERTIES LABELS golden TIMEOUT 600)

# What may not be compared with the wave before is not, and says why.
add_test(NAME golden.wave_conditions
  COMMAND ${Python3_EXECUTABLE} ${CMAKE_CURRENT_SOURCE_DIR}/golden/wave_conditions.py
          $<TARGET_FILE:psyscreen_cli> ${PROJECT_SOURCE_DIR}/instruments)
set_tests_properties(golden.wave_conditions PROPERTIES LABELS golden TIMEOUT 300)

# Districts of strange sizes, and the centre's list with what schools wrote.
add_test(NAME golden.district_sizes
  COMMAND ${Python3_EXECUTABLE} ${CMAKE_CURRENT_SOURCE_DIR}/golden/district_sizes.py
          $<TARGET_FILE:psyscreen_cli>)
set_tests_properties(golden.district_sizes PROPERTIES LABELS golden TIMEOUT 600)

# What workbooks look like on paper.
add_test(NAME golden.pages
  COMMAND ${Python3_EXECUTABLE} ${CMAKE_CURRENT_SOURCE_DIR}/golden/pages.py
          $<TARGET_FILE:psyscreen_cli>)
set_tests_properties(golden.pages PROPERTIES LABELS golden TIMEOUT 900)

# What README.md tells a new user to type.
add_test(NAME golden.readme
  COMMAND ${Python3_EXECUTABLE} ${CMAKE_CURRENT_SOURCE_DIR}/golden/readme.py
          $<TARGET_FILE:psyscreen_cli> ${PROJECT_SOURCE_DIR}/README.md)
set_tests_properties(golden.readme PROPERTIES LABELS "golden;structure" TIMEOUT 120)

# A roster of each school.
add_test(NAME golden.rosters
  COMMAND ${Python3_EXECUTABLE} ${CMAKE_CURRENT_SOURCE_DIR}/golden/rosters.py
          $<TARGET_FILE:psyscreen_cli>)
set_tests_properties(golden.rosters PROPERTIES LABELS golden TIMEOUT 900)
