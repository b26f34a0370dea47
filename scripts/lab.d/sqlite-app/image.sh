# shellcheck shell=bash disable=SC2034
# A small application that owns a SQLite file in WAL mode and never stops writing to it.
image=lab/sqlite-app:1
official=no
packages=(sqlite3)
