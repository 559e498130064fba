#!/usr/bin/env bash
# Adds a migration of the current model for both databases: scripts/add-migration.sh AddTagsToApps
set -euo pipefail
cd "$(dirname "$0")/.."
name=${1:?name the migration, for instance AddTagsToApps}
dotnet tool restore >/dev/null
dotnet build Dify.Core -v quiet --nologo
for provider in Sqlite Postgres; do
  dotnet ef migrations add "$name" --no-build --project Dify.Core \
    --context "${provider}DifyDbContext" --output-dir "Storage/$provider/Migrations"
done
