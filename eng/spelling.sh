#!/usr/bin/env bash
# Checks the spelling of all pages, but not of code in them. Words that aspell does not know stand in eng/words.txt.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
status=0
while read -r page; do
  # Without the targets of links, and without possessives: aspell wants each of those in the list.
  unknown=$(sed -E "s/\]\([^)]*\)/]()/g; s/['’]s\>//g" "$page" \
    | aspell list --mode=markdown --lang=en_US --encoding=utf-8 --personal="$PWD/eng/words.txt" | sort -u | paste -sd ' ')
  [ -z "$unknown" ] || { echo "$page: $unknown" >&2; status=1; }
done < <(find . \( -name bin -o -name obj -o -name artifacts \) -prune -o -name '*.md' -print | sort)
exit $status
