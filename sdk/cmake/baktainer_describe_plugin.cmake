# baktainer_describe_plugin(NAME ID LOCAL): called last by baktainer_add_plugin().
#
# After each link, plugin.json is made beside the library from the library itself, so the two cannot differ;
# a library that breaks a rule of the plugin interface fails its build here, with the rule's name. It is
# made again from the installed file, because installing may strip it and rewrite its paths. Needs the
# target baktainer::plugin_host; without it (an SDK alone, a cross build) there is no plugin.json, and
# `baktainer-plugin-host --describe LIBRARY` makes one where the plugin will run.
#
# BAKTAINER_BUILTIN_LIST, set by Baktainer's own build: also keep the list of built-in plugins,
# plugins.sha256 beside the folder of plugins.
set(BAKTAINER_LIST_BUILTIN "${CMAKE_CURRENT_LIST_DIR}/list_builtin.cmake")

function(baktainer_describe_plugin name id local)
  if(NOT TARGET baktainer::plugin_host)
    return()
  endif()
  add_custom_command(TARGET ${name} POST_BUILD VERBATIM
    COMMAND baktainer::plugin_host --describe $<TARGET_FILE:${name}>
            --output $<TARGET_FILE_DIR:${name}>/plugin.json)
  if(local)
    return()
  endif()
  set(library "plugins/${id}/$<TARGET_FILE_NAME:${name}>")
  if(BAKTAINER_BUILTIN_LIST)
    add_custom_command(TARGET ${name} POST_BUILD VERBATIM
      COMMAND "${CMAKE_COMMAND}" "-DROOT=${CMAKE_BINARY_DIR}/lib/baktainer" "-DLIBRARY=${library}"
              -P "${BAKTAINER_LIST_BUILTIN}")
    set(list "execute_process(
      COMMAND \"${CMAKE_COMMAND}\" \"-DROOT=\${root}\" \"-DLIBRARY=${library}\"
              -P \"${BAKTAINER_LIST_BUILTIN}\" COMMAND_ERROR_IS_FATAL ANY)")
  endif()
  install(CODE "
    set(root \"\$ENV{DESTDIR}\${CMAKE_INSTALL_PREFIX}/lib/baktainer\")
    execute_process(
      COMMAND \"$<TARGET_FILE:baktainer::plugin_host>\" --describe \"\${root}/${library}\"
              --output \"\${root}/plugins/${id}/plugin.json\" COMMAND_ERROR_IS_FATAL ANY)
    ${list}")
endfunction()
