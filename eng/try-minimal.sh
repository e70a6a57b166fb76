#!/usr/bin/env bash
# Runs samples/Minimal with the certificates of a folder (the argument), in front of a server that wants one of them.
set -euo pipefail
sample=$(cd "$(dirname "${BASH_SOURCE[0]}")/../samples/Minimal" && pwd)
dotnet build "$sample" -c Release
work=$(mktemp -d)
cp -r "$1"/*.crt "$1"/*.key "$sample/policies" "$work/"
cd "$work"
openssl s_server -accept 8443 -cert server.crt -key server.key -CAfile ca.crt -Verify 1 -www > server.log 2>&1 &
server=$!
trap 'kill $server 2>/dev/null || true; wait 2>/dev/null || true; rm -rf "$work"' EXIT
until grep -q ACCEPT server.log; do kill -0 $server; sleep 0.1; done
dotnet "$sample/bin/Release/net10.0/Minimal.dll" | grep 'Subject: *CN *= *shop'
