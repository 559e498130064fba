# syntax=docker/dockerfile:1.7
FROM node:20.18.1-bookworm-slim AS node

FROM mcr.microsoft.com/dotnet/sdk:10.0.401-noble AS build
COPY --from=node /usr/local/bin/node /usr/local/bin/node
COPY --from=node /usr/local/lib/node_modules /usr/local/lib/node_modules
RUN ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm
WORKDIR /src
COPY global.json Directory.Build.props Directory.Packages.props BannedSymbols.txt .editorconfig ./
COPY Dify.Core/Dify.Core.csproj Dify.Core/
COPY Dify.Web/Dify.Web.csproj Dify.Web/
RUN dotnet restore Dify.Web
COPY Dify.Core Dify.Core
COPY Dify.Web Dify.Web
RUN dotnet publish Dify.Web -c Release --no-restore -o /app

FROM mcr.microsoft.com/dotnet/aspnet:10.0.12-noble
ENV EDITION=SELF_HOSTED \
    DEPLOY_ENV=PRODUCTION \
    MODE=all \
    DIFY_DATA_DIR=/data \
    ASPNETCORE_URLS=http://+:5001 \
    TZ=UTC
RUN apt-get update && apt-get install -y --no-install-recommends bubblewrap python3 python3-requests python3-httpx && rm -rf /var/lib/apt/lists/*
COPY --from=build --chown=root:root /app /app
COPY --chmod=755 deploy/docker/entrypoint.sh /entrypoint.sh
RUN mkdir /data && chown "$APP_UID" /data
VOLUME /data
WORKDIR /app
EXPOSE 5001
USER $APP_UID
ENTRYPOINT ["/bin/bash", "/entrypoint.sh"]
