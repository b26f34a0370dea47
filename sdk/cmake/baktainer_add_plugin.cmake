# baktainer_add_plugin(NAME ID <id> SOURCES ... [LIBS ...] [LOCAL])
# Builds one plugin as <prefix>/lib/baktainer/plugins/<id>/lib<NAME>.so (LOCAL: only in the current binary
# folder, not installed and not found by the program of this build) with exactly one exported
# symbol: hidden visibility alone leaves the std:: templates out, so a version script is mandatory, and
# -fno-gnu-unique because STB_GNU_UNIQUE ignores RTLD_LOCAL (two plugins would share an inline static).
set(BAKTAINER_PLUGIN_MAP "${CMAKE_CURRENT_LIST_DIR}/plugin.map")
include("${CMAKE_CURRENT_LIST_DIR}/baktainer_describe_plugin.cmake")

function(baktainer_add_plugin name)
  cmake_parse_arguments(ARG "LOCAL" "ID" "SOURCES;LIBS" ${ARGN})
  set(output "${CMAKE_BINARY_DIR}/lib/baktainer/plugins/${ARG_ID}")
  if(ARG_LOCAL)
    set(output "${CMAKE_CURRENT_BINARY_DIR}")
  endif()
  add_library(${name} MODULE ${ARG_SOURCES})
  target_link_libraries(${name} PRIVATE baktainer::sdk ${ARG_LIBS})
  set_target_properties(${name} PROPERTIES
    CXX_VISIBILITY_PRESET hidden C_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON
    LIBRARY_OUTPUT_DIRECTORY "${output}")
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    target_compile_options(${name} PRIVATE -fno-gnu-unique)
  endif()
  target_link_options(${name} PRIVATE
    "LINKER:--version-script=${BAKTAINER_PLUGIN_MAP}" LINKER:--exclude-libs,ALL
    LINKER:-z,now LINKER:-z,relro LINKER:-z,nodelete)
  if(NOT BAKTAINER_SANITIZE)
    target_link_options(${name} PRIVATE LINKER:-z,defs)
  endif()
  set_target_properties(${name} PROPERTIES LINK_DEPENDS "${BAKTAINER_PLUGIN_MAP}")
  if(NOT ARG_LOCAL)
    install(TARGETS ${name} LIBRARY DESTINATION "lib/baktainer/plugins/${ARG_ID}")
  endif()
  baktainer_describe_plugin(${name} "${ARG_ID}" "${ARG_LOCAL}")
endfunction()
