#!/usr/bin/env bash
# Makes what a release publishes from the commit that is checked out, and pushes nothing: packages with their symbols, a
# bill of materials for each, and SHA-256 sums, in artifacts/release. Everything is made twice, in clean clones, and has
# to be the same byte for byte. Arguments go to MSBuild: -p:RepositoryUrl=ADDRESS, unless eng/Publisher.props has it.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export DOTNET_CLI_UI_LANGUAGE=en DOTNET_NOLOGO=1
# In the order in which they are pushed: none before what it depends on.
packages=(FlexTls.Core FlexTls FlexTls.Yarp FlexTls.AspNetCore FlexTls.Tool)
options=("$@")
release=$PWD/artifacts/release

step() { printf '\n== %s (after %d s)\n' "$*" "$SECONDS"; }
fail() { printf 'release.sh: %s\n' "$*" >&2; exit 1; }
property() { dotnet msbuild src/FlexTls -getProperty:"$1" "${options[@]}"; }

[ -z "$(git status --porcelain)" ] || fail 'there are changes that are not committed'
commit=$(git rev-parse HEAD)
version=$(property PackageVersion)
url=$(property RepositoryUrl)
grep -qF "## $version" CHANGELOG.md || fail "CHANGELOG.md has no section $version"

# Times in packages are those of the commit: NuGet reads this variable.
SOURCE_DATE_EPOCH=$(git show -s --format=%ct "$commit")
export SOURCE_DATE_EPOCH
time=$(date -u -d "@$SOURCE_DATE_EPOCH" +%Y-%m-%dT%H:%M:%SZ)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Makes everything in a clone, as the first argument names it.
make_in() (
  git clone --quiet --no-checkout . "$work/$1"
  mkdir "$work/$1.out"
  cd "$work/$1"
  git checkout --quiet --detach "$commit"
  # Source Link derives from it where debuggers find the sources.
  [ -z "$url" ] || git remote set-url origin "$url"
  dotnet tool restore
  for package in "${packages[@]}"; do
    dotnet pack "src/$package" -c Release -o "$work/$1.out" -p:ContinuousIntegrationBuild=true "${options[@]}"
    dotnet dotnet-CycloneDX "src/$package/$package.csproj" --output "$work/$1.out" --filename "$package.$version.cdx.json" \
      --output-format Json --disable-package-restore --include-project-references --no-serial-number \
      --set-name "$package" --set-version "$version" --set-type Library --set-nuget-purl
    sed -i "s/\"timestamp\": \"[^\"]*\"/\"timestamp\": \"$time\"/" "$work/$1.out/$package.$version.cdx.json"
  done
)

# One package: what it contains, and what it says of itself.
check() {
  local package=$1 folder=$work/$1.content nuspec=$work/$1.content/$1.nuspec binaries=lib/net10.0 extra part relative
  unzip -q "$release/$package.$version.nupkg" -d "$folder"
  unzip -q "$release/$package.$version.snupkg" -d "$folder.symbols"
  if [ "$package" = FlexTls.Tool ]; then
    binaries=tools/net10.0/any
    extra=THIRD-PARTY-NOTICES.txt
  else
    extra=$binaries/$package.xml
    [ "$(cd "$folder/$binaries" && echo *)" = "$package.dll $package.xml" ] || fail "$package has more in $binaries than its own"
  fi
  for part in README.md icon.png "$binaries/$package.dll" "$extra"; do
    [ -s "$folder/$part" ] || fail "$package has no $part"
  done

  # The nuspec: who, under which license, from which commit, with which page.
  for part in "<id>$package</id>" "<version>$version</version>" '<license type="expression">MIT</license>' \
    '<readme>README.md</readme>' '<icon>icon.png</icon>' '<releaseNotes>' '<description>' '<tags>' "commit=\"$commit\""; do
    grep -qF "$part" "$nuspec" || fail "the nuspec of $package has no $part"
  done
  # Ours come with the version of this release, and nothing that only builds need.
  ! grep '<dependency id="FlexTls' "$nuspec" | grep -vqE "version=\"\[?$version\]?\"" || fail "$package depends on another version of FlexTls"
  ! grep -q '<dependency id="[^"]*Analyzers' "$nuspec" || fail "$package depends on analyzers"

  relative=$(grep -oE '\]\([^)]*\)' "$folder/README.md" | grep -v '^](https://' || true)
  [ -z "$relative" ] || fail "the README of $package has relative links: $relative"
  [ -s "$folder.symbols/$binaries/$package.pdb" ] || fail "$package has no symbols"
  # Without a published repository there is nothing to link to.
  [ -z "$url" ] || grep -qaF "$commit/*\"" "$folder.symbols/$binaries/$package.pdb" || fail "the symbols of $package have no Source Link"

  grep -F '"license": {' -A 1 "$release/$package.$version.cdx.json" | grep -E '"(id|name)"' | grep -vF '"MIT"' \
    && fail "a dependency of $package has another license" || true
}

step "FlexTls $version, commit $commit"
make_in first
step 'once more, in another clone, folder and time zone'
TZ=Asia/Kolkata make_in second

step 'comparing'
diff -r "$work/first.out" "$work/second.out" || fail 'two builds of the same commit differ'
rm -rf "$release"
mkdir -p artifacts
mv "$work/first.out" "$release"

step 'checking'
for package in "${packages[@]}"; do
  check "$package"
  # The audit data comes from the source of packages.
  vulnerable=$(cd "$work/first" && dotnet package list --project "src/$package/$package.csproj" --vulnerable --include-transitive)
  grep -q 'has no vulnerable packages' <<<"$vulnerable" || fail "$vulnerable"
done
(cd "$release" && sha256sum -- *.nupkg *.snupkg *.json > SHA256SUMS && cat SHA256SUMS)

step 'done'
[ -n "$url" ] || echo 'RepositoryUrl is empty: pages of the packages have no links, and symbols no Source Link.'
echo 'Nothing was pushed. A publisher pushes, in this order, each with its symbols beside it:'
for package in "${packages[@]}"; do
  echo "  dotnet nuget push artifacts/release/$package.$version.nupkg"
done
echo "and then tags: git tag v$version $commit"
