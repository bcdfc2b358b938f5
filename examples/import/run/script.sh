#!/bin/sh
set -e
TAG=1.4.2
export DATA=/srv/shop
docker stop api || true; docker rm api || true
docker run -d --name api --restart=always \
    -v "$DATA/uploads:/uploads" -v "${CONF:-/etc/shop}:/conf:ro" \
    -e VERSION="$TAG" -e TOKEN="$API_TOKEN" -e "URL=http://${PUBLIC_NAME}/x" \
    -p 8080:8080 "registry.example.com/shop/api:$TAG" serve >api.log 2>&1
