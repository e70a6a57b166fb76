#!/usr/bin/env bash
# Runs the gateway of a folder in front of an openssl server that wants a client certificate, and asks it for a page:
# the argument is a web project whose Program.cs reads policies/*.yaml and the section ReverseProxy.
set -euo pipefail
cd "$1"
for tool in openssl curl; do
  command -v "$tool" >/dev/null || { echo "Skipped: trying the gateway needs $tool."; exit 0; }
done

openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=localhost \
  -addext 'subjectAltName=DNS:localhost' -keyout server.key -out server.crt 2>/dev/null
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=orders \
  -keyout client.key -out client.crt 2>/dev/null
mkdir -p policies
cat > policies/orders.yaml <<'YAML'
apiVersion: gateway.mulesoft.com/v1alpha1
kind: PolicyBinding
metadata:
  name: orders-mtls
spec:
  targetRef:
    kind: Service
    name: orders
  policyRef:
    name: tls-outbound
  config:
    alpn: [http/1.1]
    trustedCA: file:../server.crt
    certificate:
      key: file:../client.key
      crt: file:../client.crt
YAML

server=; gateway=
end() { kill $server $gateway 2>/dev/null || true; wait 2>/dev/null || true; }
trap end EXIT

# Both choose a free port, and say which.
openssl s_server -accept localhost:0 -cert server.crt -key server.key -Verify 1 -CAfile client.crt -www > server.log 2>&1 &
server=$!
wait_for() { for _ in $(seq 300); do sed -nE "$2" "$1" | grep -m 1 . && return; sleep 0.1; done; cat "$1" >&2; exit 1; }
port=$(wait_for server.log 's/^ACCEPT .*:([0-9]+)$/\1/p')
cat > appsettings.json <<JSON
{
  "ReverseProxy": {
    "Routes": { "orders": { "ClusterId": "orders", "Match": { "Path": "{**rest}" } } },
    "Clusters": { "orders": { "Destinations": { "one": { "Address": "https://localhost:$port/" } } } }
  }
}
JSON
dotnet build -c Release -o out
project=$(echo *.csproj)
dotnet "out/${project%.csproj}.dll" --urls http://127.0.0.1:0 > gateway.log 2>&1 &
gateway=$!
address=$(wait_for gateway.log 's/.*Now listening on: (.*)/\1/p')
page=$(curl --fail --silent --show-error "$address/")
grep -q '^subject=CN *= *orders\|Subject: CN *= *orders' <<<"$page" || { echo "The server did not see the client certificate: $page" >&2; exit 1; }
echo "The gateway's upstream saw the client certificate CN=orders."
