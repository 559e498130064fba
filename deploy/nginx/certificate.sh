#!/bin/sh
# A certificate of your own lies in the volume as dify.crt and dify.key. Without one, port 443 gets a self-signed one.
set -e
folder=/etc/nginx/certificates
[ -f "$folder/dify.crt" ] && [ -f "$folder/dify.key" ] && exit 0
command -v openssl >/dev/null || apk add --no-cache openssl >/dev/null
openssl req -x509 -newkey rsa:2048 -nodes -days 825 -subj "/CN=dify" -keyout "$folder/dify.key" -out "$folder/dify.crt" 2>/dev/null
