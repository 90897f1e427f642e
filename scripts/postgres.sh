# A PostgreSQL of our own in a folder, listening on a socket only. Sourced by ./test and the bench.

postgres_folder=
start_postgres() {
  local bin
  bin=$(ls -d /usr/lib/postgresql/*/bin | sort -V | tail -n 1)
  postgres_folder=$1/postgres
  postgres_as=()
  mkdir -p "$postgres_folder"
  if [ "$(id -u)" -eq 0 ]; then
    chown postgres "$postgres_folder"
    postgres_as=(setpriv --reuid=postgres --regid=postgres --clear-groups)
  fi
  (
    cd "$postgres_folder"
    "${postgres_as[@]}" "$bin/initdb" -D data -U postgres -A trust -E UTF8 --locale=C.UTF-8 > initdb.log
    "${postgres_as[@]}" "$bin/pg_ctl" -D data -w -l server.log -o "-k $postgres_folder -c listen_addresses='' -c fsync=off" start > /dev/null
  )
  POSTGRES_BIN=$bin
  POSTGRES_URL="postgres://postgres@$(printf '%s' "$postgres_folder" | sed 's#/#%2F#g')/postgres"
}

stop_postgres() {
  [ -n "$postgres_folder" ] || return 0
  (cd "$postgres_folder" && "${postgres_as[@]}" "$POSTGRES_BIN/pg_ctl" -D data -m immediate stop > /dev/null)
}
