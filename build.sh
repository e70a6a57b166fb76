#!/usr/bin/env bash
# Everything that a change must pass, in one go: style, build, tests, package, a program that uses the package, sample.
# Leaves the packages and the log of the tests in artifacts/.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
root=$PWD
library=src/FlexTls.Core
dll=lib/net10.0/FlexTls.Core.dll

# English, whatever the machine's language: .ci/run reads the summary of the tests.
export DOTNET_CLI_UI_LANGUAGE=en DOTNET_NOLOGO=1

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

step() { printf '\n== %s\n' "$*"; }
fail() { printf 'build.sh: %s\n' "$*" >&2; exit 1; }

# Packs a copy of the tree without anything that was built before, as a build server would.
pack() {
  mkdir -p "$work/$1"
  tar -cf - --exclude=bin --exclude=obj --exclude=artifacts . | tar -xf - -C "$work/$1"
  dotnet pack "$work/$1/$library" -c Release -p:ContinuousIntegrationBuild=true -o "$work/$1/artifacts"
}

step 'style'
dotnet format FlexTls.sln --verify-no-changes

step 'build'
dotnet build FlexTls.sln -c Release

step 'tests'
rm -rf artifacts
mkdir artifacts
dotnet test -c Release --no-build 2>&1 | tee artifacts/test.log

step 'package'
pack first
pack second
built=$library/bin/Release/net10.0/FlexTls.Core.dll
cmp "$work/first/$built" "$work/second/$built" || fail 'two builds of the same sources differ'
[ "$(dotnet msbuild "$library" -getProperty:EnablePackageValidation)" = true ] || fail 'package validation is off'
cp "$work"/first/artifacts/*.nupkg "$work"/first/artifacts/*.snupkg artifacts/
package=$(basename artifacts/FlexTls.Core.*.nupkg .nupkg)
version=${package#FlexTls.Core.}
[ -f "artifacts/$package.snupkg" ] || fail 'there is no symbol package'

step "a program that uses $package"
# A packages folder of its own: the machine's remembers a package by its version and would serve yesterday's.
# The config names no other source, so that the machine's own stay in force.
export NUGET_PACKAGES=$work/packages
dotnet new console --no-restore -o "$work/consumer"
cp eng/PackageConsumer.cs "$work/consumer/Program.cs"
cat > "$work/consumer/nuget.config" <<XML
<configuration>
  <packageSources>
    <add key="artifacts" value="$root/artifacts" />
  </packageSources>
</configuration>
XML
dotnet add "$work/consumer" package FlexTls.Core --version "$version"
restored=$NUGET_PACKAGES/flextls.core/$version
for file in README.md "$dll" "${dll%.dll}.xml"; do
  [ -f "$restored/$file" ] || fail "the package lacks $file"
done
cmp "$restored/$dll" "$work/first/$built" || fail 'the program got another package than the one just made'
dotnet run --project "$work/consumer" -c Release
unset NUGET_PACKAGES

step 'sample'
dotnet run --project samples/QuickStart -c Release

step 'done'
grep -E '^ +(total|failed|succeeded|skipped):' artifacts/test.log
ls artifacts
