# cmake -DROOT=<prefix>/lib/baktainer -DLIBRARY=plugins/<id>/<library> -P list_builtin.cmake
# Writes the library's line of ROOT/plugins.sha256, in the form of sha256sum(1), in place of an older one:
# `cd ROOT && sha256sum -c plugins.sha256` checks them all. Lines of libraries that are gone go too.
cmake_minimum_required(VERSION 3.25)
set(list "${ROOT}/plugins.sha256")
file(LOCK "${ROOT}" DIRECTORY TIMEOUT 60)  # plugins build side by side
set(lines "")
if(EXISTS "${list}")
  file(STRINGS "${list}" lines)
endif()
file(SHA256 "${ROOT}/${LIBRARY}" hash)
set(kept "${hash}  ${LIBRARY}")
foreach(line IN LISTS lines)
  string(SUBSTRING "${line}" 66 -1 path)
  if(NOT path STREQUAL LIBRARY AND EXISTS "${ROOT}/${path}")
    list(APPEND kept "${line}")
  endif()
endforeach()
list(SORT kept)
string(REPLACE ";" "\n" text "${kept}")
file(WRITE "${list}.partial" "${text}\n")
file(RENAME "${list}.partial" "${list}")
file(LOCK "${ROOT}" DIRECTORY RELEASE)
file(REMOVE "${ROOT}/cmake.lock")
