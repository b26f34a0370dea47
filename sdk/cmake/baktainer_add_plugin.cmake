# baktainer_add_plugin(NAME SOURCES ... [ID <id>] [LIBS ...] [LOCAL] [PORTABLE] [SPLIT_DEBUG])
#
# Builds one plugin as <build>/lib/baktainer/plugins/<id>/lib<NAME>.so and installs it to the same place
# below the prefix. In the same file for a plugin's author and for Baktainer's own: no private door.
#
#   ID            the module's id. Left out, it is read from the line BKT_PLUGIN("...") of the sources.
#   LIBS          what it links. Static libraries stay inside it, unseen by other plugins.
#   LOCAL         only in the current binary folder: not installed, not found by this build's program.
#   PORTABLE      carries its C++ runtime, so that it runs on older systems than the one it was built on. Not
#                 with a library that itself needs libstdc++.so: two runtimes in one plugin do not mix.
#   SPLIT_DEBUG   debug information goes to lib<NAME>.so.debug beside it.
#
# Exactly one symbol leaves it, `bkt_module_v0`: hidden visibility alone leaves the std:: templates out, so a
# version script is mandatory, and -fno-gnu-unique because STB_GNU_UNIQUE ignores RTLD_LOCAL (two plugins
# would share an inline static). nodelete: thread-local destructors must not outlive their code.
set(BAKTAINER_PLUGIN_MAP "${CMAKE_CURRENT_LIST_DIR}/plugin.map")
include("${CMAKE_CURRENT_LIST_DIR}/baktainer_describe_plugin.cmake")

# The id in the sources' BKT_PLUGIN line; configure again when they change.
function(baktainer_plugin_id out)
  foreach(source IN LISTS ARGN)
    get_filename_component(path "${source}" ABSOLUTE)
    if(NOT EXISTS "${path}")
      continue()
    endif()
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${path}")
    file(READ "${path}" text)
    if(text MATCHES "BKT_PLUGIN[A-Z_]*\\([ \t\r\n]*\"([^\"]+)\"")
      set(${out} "${CMAKE_MATCH_1}" PARENT_SCOPE)
      return()
    endif()
  endforeach()
  message(FATAL_ERROR "baktainer_add_plugin: no line BKT_PLUGIN(\"<id>\", ...) in ${ARGN}: "
                      "name the plugin's id with ID")
endfunction()

function(baktainer_add_plugin name)
  cmake_parse_arguments(ARG "LOCAL;PORTABLE;SPLIT_DEBUG" "ID" "SOURCES;LIBS" ${ARGN})
  if(ARG_UNPARSED_ARGUMENTS OR NOT ARG_SOURCES)
    message(FATAL_ERROR "baktainer_add_plugin(${name} SOURCES file... [ID id] [LIBS lib...] [LOCAL] "
                        "[PORTABLE] [SPLIT_DEBUG]): cannot use '${ARG_UNPARSED_ARGUMENTS}'")
  endif()
  if(NOT ARG_ID)
    baktainer_plugin_id(ARG_ID ${ARG_SOURCES})
  endif()
  set(output "${CMAKE_BINARY_DIR}/lib/baktainer/plugins/${ARG_ID}")
  if(ARG_LOCAL)
    set(output "${CMAKE_CURRENT_BINARY_DIR}")
  endif()

  add_library(${name} MODULE ${ARG_SOURCES})
  target_link_libraries(${name} PRIVATE baktainer::sdk ${ARG_LIBS})
  set_target_properties(${name} PROPERTIES
    PREFIX lib CXX_VISIBILITY_PRESET hidden C_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON
    POSITION_INDEPENDENT_CODE ON LIBRARY_OUTPUT_DIRECTORY "${output}" BAKTAINER_PLUGIN_ID "${ARG_ID}"
    LINK_DEPENDS "${BAKTAINER_PLUGIN_MAP}")
  get_property(languages GLOBAL PROPERTY ENABLED_LANGUAGES)
  if(CXX IN_LIST languages)
    target_compile_features(${name} PRIVATE cxx_std_20)
    if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
      target_compile_options(${name} PRIVATE $<$<COMPILE_LANGUAGE:CXX>:-fno-gnu-unique>)
      # GCC 12 warns falsely of overlap in "literal" + std::string when optimising (GCC bug 105651).
      if(CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
        target_compile_options(${name} PRIVATE $<$<COMPILE_LANGUAGE:CXX>:-Wno-restrict>)
      endif()
    endif()
  endif()
  target_link_options(${name} PRIVATE
    "LINKER:--version-script=${BAKTAINER_PLUGIN_MAP}" LINKER:--exclude-libs,ALL
    LINKER:-z,now LINKER:-z,relro LINKER:-z,nodelete LINKER:-z,noexecstack)
  # A sanitizer's runtime is in the program: its symbols stay open until then.
  if(NOT BAKTAINER_SANITIZE AND NOT "${CMAKE_C_FLAGS} ${CMAKE_CXX_FLAGS}" MATCHES "-fsanitize=")
    target_link_options(${name} PRIVATE LINKER:-z,defs)
  endif()
  if(ARG_PORTABLE)
    target_link_options(${name} PRIVATE -static-libgcc $<$<LINK_LANGUAGE:CXX>:-static-libstdc++>)
  endif()
  if(ARG_SPLIT_DEBUG AND CMAKE_OBJCOPY)
    add_custom_command(TARGET ${name} POST_BUILD VERBATIM
      COMMAND "${CMAKE_OBJCOPY}" --only-keep-debug $<TARGET_FILE:${name}> $<TARGET_FILE:${name}>.debug
      COMMAND "${CMAKE_OBJCOPY}" --strip-debug --add-gnu-debuglink=$<TARGET_FILE:${name}>.debug
              $<TARGET_FILE:${name}>)
  endif()
  if(NOT ARG_LOCAL)
    install(TARGETS ${name} LIBRARY DESTINATION "lib/baktainer/plugins/${ARG_ID}")
  endif()
  baktainer_describe_plugin(${name} "${ARG_ID}" "${ARG_LOCAL}")
endfunction()
