#!/usr/bin/env bash
# Does what a page says (the first argument), block by block, in an empty folder (the second), and compares the last
# answer with the one on the page. A nuget.config in the folder or above it has to name the packages.
set -euo pipefail
page=$(realpath "$1")
for tool in openssl curl; do
  command -v "$tool" >/dev/null || { echo "Skipped: the page needs $tool."; exit 0; }
done
mkdir -p "$2"
cd "$2"

# The page's ports may be taken here.
changes=()
for port in $(grep -oE '\b(5080|8443|944[0-9])\b' "$page" | sort -u); do
  while free=$((20000 + RANDOM % 10000)); (: < "/dev/tcp/127.0.0.1/$free") 2>/dev/null || [[ ${changes[*]} == *$free* ]]; do :; done
  changes+=(-e "s/$port/$free/g")
done

# Its shell blocks as they are, except that servers run in the background, and its files under the names that it gives
# them in the text above.
commands=$(sed "${changes[@]}" "$page" | awk '
  /^```(sh|yaml|csharp|json)$/ {
    kind = substr($0, 4)
    if (kind != "sh") printf "mkdir -p \"$(dirname %s)\"\ncat > %s <<\"END_OF_FILE\"\n", file, file
    next
  }
  /^```$/ { if (kind != "sh" && kind != "") print "END_OF_FILE"; kind = ""; next }
  kind == "sh" && /^openssl s_server/ { print $0 " > server.log 2>&1 &\nrunning+=($!)"; next }
  kind == "sh" && /^dotnet run/ { print "dotnet build\n" $0 " --no-build > program.log 2>&1 &\nrunning+=($!)"; next }
  kind == "sh" && /^curl/ { print "until grep -q \"Now listening\" program.log; do kill -0 ${running[-1]}; sleep 0.1; done\n(" $0 ") > answer"; next }
  kind != "" { print; next }
  match($0, /`[A-Za-z\/]+\.(yaml|cs|json)`/) { file = substr($0, RSTART + 1, RLENGTH - 2) }')

running=()
trap 'kill "${running[@]}" 2>/dev/null || true; wait 2>/dev/null || true' EXIT
eval "$commands" || { cat server.log program.log >&2; exit 1; }

# OpenSSL prints names with or without blanks around the equals sign.
expected=$(awk '/^```text$/ { here = 1; next } /^```$/ { here = 0 } here' "$page" | tr -d ' ')
[ "$(tr -d ' ' < answer)" = "$expected" ] || { echo 'The page promises another answer than this:' >&2; cat answer program.log >&2; exit 1; }
cat answer
