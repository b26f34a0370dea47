#!/bin/bash
# As the official image does it: the extension is in template1 and in the first database.
for database in template1 "${POSTGRES_DB:-${POSTGRES_USER:-postgres}}"; do
    psql -v ON_ERROR_STOP=1 -qX -U "${POSTGRES_USER:-postgres}" -d "$database" \
        -c "SET client_min_messages = warning; CREATE EXTENSION IF NOT EXISTS timescaledb CASCADE"
done
