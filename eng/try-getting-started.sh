#!/usr/bin/env bash
# Does what docs/getting-started.md says, block by block, in an empty folder (the argument), and compares the answer with
# the one on the page. A nuget.config in the folder or above it has to name the packages.
set -euo pipefail
page=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)/docs/getting-started.md
for tool in openssl curl; do
  command -v "$tool" >/dev/null || { echo "Skipped: the page needs $tool."; exit 0; }
done
mkdir -p "$1"
cd "$1"

# The page's ports may be taken here.
free_port() { local port; while port=$((20000 + RANDOM % 10000)); (: < "/dev/tcp/127.0.0.1/$port") 2>/dev/null; do :; done; echo "$port"; }
server_port=$(free_port)
while program_port=$(free_port); [ "$program_port" = "$server_port" ]; do :; done

# Its shell blocks as they are, except that servers run in the background, and its files under the names that it gives
# them in the text above.
commands=$(sed -e "s/8443/$server_port/g" -e "s/5080/$program_port/g" "$page" | awk '
  /^```(sh|yaml|csharp)$/ {
    kind = substr($0, 4)
    if (kind != "sh") printf "mkdir -p \"$(dirname %s)\"\ncat > %s <<\"END_OF_FILE\"\n", file, file
    next
  }
  /^```$/ { if (kind == "yaml" || kind == "csharp") print "END_OF_FILE"; kind = ""; next }
  kind == "sh" && /^openssl s_server/ { print $0 " > server.log 2>&1 &\nserver=$!"; next }
  kind == "sh" && /^dotnet run/ { print "dotnet build\n" $0 " --no-build > program.log 2>&1 &\nprogram=$!"; next }
  kind == "sh" && /^curl/ { print "until grep -q \"Now listening\" program.log; do kill -0 $program; sleep 0.1; done\n(" $0 ") > answer"; next }
  kind != "" { print; next }
  match($0, /`[A-Za-z\/]+\.(yaml|cs)`/) { file = substr($0, RSTART + 1, RLENGTH - 2) }')

trap 'kill ${program:-} ${server:-} 2>/dev/null || true; wait 2>/dev/null || true' EXIT
eval "$commands" || { cat server.log program.log >&2; exit 1; }

# OpenSSL prints names with or without blanks around the equals sign.
expected=$(awk '/^```text$/ { here = 1; next } /^```$/ { here = 0 } here' "$page" | tr -d ' ')
[ "$(tr -d ' ' < answer)" = "$expected" ] || { echo 'The page promises another answer than this:' >&2; cat answer program.log >&2; exit 1; }
cat answer
