#!/bin/bash
# MODE chooses the part that this container plays:
#   all      pages, APIs and background jobs in one process (default)
#   web      pages and APIs; jobs are left to workers (needs PostgreSQL and Redis)
#   worker   background jobs, and /health
#   migrate  brings the database to this version's schema and ends
set -e
export MODE="${MODE:-all}"
case "$MODE" in
  all|web|worker|migrate) ;;
  api) export MODE=web ;;
  *) echo "MODE=$MODE is not known: use all, web, worker or migrate." >&2; exit 64 ;;
esac
exec dotnet /app/Dify.Web.dll "$@"
