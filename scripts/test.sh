#!/usr/bin/env bash
# Sets up what the tests need, runs every one, and ends with "N passed, N failed, N skipped".
# As root on Debian or Ubuntu it installs what is missing (PostgreSQL, Redis, Chromium, bubblewrap, Python) and starts throw-away servers
# on free ports. Elsewhere it uses what is there and says which groups are skipped. Arguments go to the test program,
# for instance: scripts/test.sh --filter-namespace "Dify.Tests.Knowledge*"
set -uo pipefail
cd "$(dirname "$0")/.."
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

work=$(mktemp -d)
postgres_data=""
redis_pid=""
notes=()

cleanup() {
  [ -n "$redis_pid" ] && kill "$redis_pid" 2>/dev/null
  [ -n "$postgres_data" ] && as_postgres "'$postgres_bin/pg_ctl' -D '$postgres_data' -m immediate stop" >/dev/null 2>&1
  rm -rf "$work"
}
trap cleanup EXIT

free_port() {
  node -e 'const s=require("net").createServer().listen(0,"127.0.0.1",()=>{console.log(s.address().port);s.close()})'
}

# PostgreSQL refuses to run as root, so root hands over to the user that the package made.
as_postgres() {
  if [ "$(id -u)" = 0 ]; then su postgres -s /bin/sh -c "$1"; else sh -c "$1"; fi
}

find_postgres() {
  postgres_bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1)
  [ -n "$postgres_bin" ] || postgres_bin=$(dirname "$(command -v pg_ctl 2>/dev/null)" 2>/dev/null)
  [ -x "$postgres_bin/pg_ctl" ]
}

find_chromium() {
  chromium=$(command -v chromium || command -v chromium-browser || command -v google-chrome)
}

for tool in dotnet node npm; do
  command -v "$tool" >/dev/null || { echo "$tool is missing: install the .NET 10 SDK and Node 20 or later."; echo "0 passed, 1 failed, 0 skipped"; exit 1; }
done

if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  missing=()
  find_postgres || missing+=(postgresql)
  command -v redis-server >/dev/null || missing+=(redis-server)
  find_chromium || missing+=(chromium)
  command -v bwrap >/dev/null || missing+=(bubblewrap)
  [ -x /usr/bin/python3 ] || missing+=(python3)
  # The first is compared with our templates; the rest is what code in real apps imports.
  for module in jinja2 requests pandas matplotlib jieba; do
    /usr/bin/python3 -c "import $module" 2>/dev/null || missing+=("python3-$module")
  done
  if [ ${#missing[@]} -gt 0 ]; then
    echo "Installing ${missing[*]} …"
    apt-get update -q >"$work/apt.log" 2>&1
    DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "${missing[@]}" >>"$work/apt.log" 2>&1 \
      || { echo "The installation failed; its last lines:"; tail -n 5 "$work/apt.log"; }
  fi
fi

if find_postgres && { [ "$(id -u)" != 0 ] || id postgres >/dev/null 2>&1; }; then
  postgres_data="$work/postgres"
  port=$(free_port)
  chmod 755 "$work"
  install -d -m 700 "$postgres_data"
  [ "$(id -u)" = 0 ] && chown postgres "$postgres_data"
  if as_postgres "'$postgres_bin/initdb' -D '$postgres_data' -U postgres -A trust --no-sync" >"$work/postgres.log" 2>&1 \
    && as_postgres "'$postgres_bin/pg_ctl' -D '$postgres_data' -w -l '$postgres_data/server.log' \
         -o '-p $port -c listen_addresses=127.0.0.1 -c unix_socket_directories=$postgres_data -c max_connections=300 -c fsync=off' start" >>"$work/postgres.log" 2>&1; then
    export DIFY_TEST_POSTGRES="Host=127.0.0.1;Port=$port;Username=postgres"
  else
    notes+=("PostgreSQL did not start: its group is skipped."); tail -n 5 "$work/postgres.log"
    postgres_data=""
  fi
else
  notes+=("No PostgreSQL here: its group is skipped.")
fi

if command -v redis-server >/dev/null; then
  port=$(free_port)
  redis-server --port "$port" --bind 127.0.0.1 --save '' --appendonly no --dir "$work" >"$work/redis.log" 2>&1 &
  redis_pid=$!
  export DIFY_TEST_REDIS="127.0.0.1:$port"
else
  notes+=("No Redis here: its group is skipped.")
fi

if find_chromium; then
  export DIFY_TEST_CHROMIUM="$chromium"
else
  notes+=("No Chromium here: the browser group is skipped.")
fi

command -v bwrap >/dev/null || notes+=("No bubblewrap here: the tests of the Python sandbox are skipped.")
/usr/bin/python3 -c 'import jinja2' 2>/dev/null || notes+=("No python3-jinja2 here: templates are compared with recorded outputs only.")

echo "Building …"
if ! dotnet build Dify.sln -c Release -v quiet --nologo >"$work/build.log" 2>&1; then
  grep -E 'error|warn' "$work/build.log" | sort -u | head -n 40
  echo "0 passed, 1 failed, 0 skipped"
  exit 1
fi

dotnet Dify.Tests/bin/Release/net10.0/Dify.Tests.dll --no-ansi "$@" 2>&1 | tee "$work/tests.log"
status=${PIPESTATUS[0]}

# Colours, where a terminal is thought to be there, are taken off first.
count() { sed "s/\x1b\[[0-9;]*m//g" "$work/tests.log" | sed -nE "s/^ *$1: ([0-9]+).*/\1/p" | tail -n 1; }
passed=$(count succeeded); failed=$(count failed); skipped=$(count skipped)

for note in "${notes[@]+"${notes[@]}"}"; do echo "$note"; done
if [ -z "$passed" ]; then
  echo "The test program ended without a summary (exit code $status)."
  passed=0 failed=1 skipped=0
fi
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" = 0 ] && [ "$status" = 0 ]
