# baktainer_add_conformance_test(PLUGIN [CONFIG key=value...] [SECRETS key...])
# Adds the test <PLUGIN>.conformance: a GoogleTest program that opens the plugin's components with these
# settings and holds them against every case of the contract (`baktainer plugin check` runs the same ones, each
# in a process of its own). A secret's value is made up: the host is
# a fake. Needs find_package(baktainer-sdk COMPONENTS testing) and find_package(GTest).
set(BAKTAINER_CONFORMANCE_MAIN "${CMAKE_CURRENT_LIST_DIR}/conformance_main.cpp")

function(baktainer_add_conformance_test plugin)
  cmake_parse_arguments(ARG "" "" "CONFIG;SECRETS" ${ARGN})
  set(program "${plugin}_conformance")
  add_executable(${program} "${BAKTAINER_CONFORMANCE_MAIN}")
  target_compile_features(${program} PRIVATE cxx_std_20)
  target_link_libraries(${program} PRIVATE baktainer::testing GTest::gtest ${CMAKE_DL_LIBS})
  add_dependencies(${program} ${plugin})
  set(arguments)
  foreach(setting IN LISTS ARG_CONFIG)
    list(APPEND arguments --config "${setting}")
  endforeach()
  foreach(key IN LISTS ARG_SECRETS)
    list(APPEND arguments --secret "${key}")
  endforeach()
  add_test(NAME "${plugin}.conformance"
           COMMAND ${program} "$<TARGET_FILE:${plugin}>" ${arguments})
endfunction()
