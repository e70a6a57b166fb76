#!/usr/bin/env bash
# Everything that a change must pass, in one go: style, build, tests, packages, a program that uses them, samples.
# Leaves the packages and the log of the tests in artifacts/.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
root=$PWD
libraries=(FlexTls.Core FlexTls FlexTls.Yarp FlexTls.AspNetCore)

# English, whatever the machine's language: .ci/run reads the summary of the tests.
export DOTNET_CLI_UI_LANGUAGE=en DOTNET_NOLOGO=1

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

step() { printf '\n== %s (after %d s)\n' "$*" "$SECONDS"; }
fail() { printf 'build.sh: %s\n' "$*" >&2; exit 1; }

# Packs a copy of the tree without anything that was built before, as a build server would.
pack_afresh() {
  mkdir -p "$work/$1"
  tar -cf - --exclude=bin --exclude=obj --exclude=artifacts . | tar -xf - -C "$work/$1"
  for library in "${libraries[@]}"; do
    dotnet pack "$work/$1/src/$library" -c Release -p:ContinuousIntegrationBuild=true -o "$work/$1.packages"
  done
}

step 'style'
dotnet format FlexTls.sln --verify-no-changes

step 'spelling'
if command -v aspell >/dev/null; then
  bash eng/spelling.sh
elif [ "${CI:-}" = true ]; then
  fail 'the spelling of the pages needs aspell'
else
  echo 'Skipped: the spelling of the pages needs aspell.'
fi

step 'build'
dotnet build FlexTls.sln -c Release

step 'tests'
rm -rf artifacts
mkdir artifacts
dotnet test -c Release --no-build 2>&1 | tee artifacts/test.log

step 'packages'
# The time in the packages; eng/release.sh takes the commit's.
SOURCE_DATE_EPOCH=$(date +%s)
export SOURCE_DATE_EPOCH
pack_afresh first
pack_afresh second
diff -r "$work/first.packages" "$work/second.packages" || fail 'two builds of the same sources differ'
for library in "${libraries[@]}"; do
  [ "$(dotnet msbuild "src/$library" -getProperty:EnablePackageValidation)" = true ] || fail "package validation of $library is off"
  # Where the sources are published is said once, by whoever publishes them.
  page=$(dotnet msbuild "src/$library" -p:RepositoryUrl=https://example.org/flextls -getProperty:PackageProjectUrl)
  [ "$page" = https://example.org/flextls ] || fail "the package $library does not take the publisher's repository"
done
cp "$work"/first.packages/* artifacts/
# A package's page resolves no relative links.
for package in "${libraries[@]}" FlexTls.Tool; do
  for url in '' https://example.org/flextls; do
    dotnet msbuild "src/$package" -t:PackReadme -p:Configuration=Release -p:RepositoryUrl=$url
    ! grep -oE '\]\([^)]*\)' "src/$package/obj/Release/net10.0/README.md" | grep -v '](https://' \
      || fail "the README of $package has relative links if RepositoryUrl is '$url'"
  done
done
dotnet pack src/FlexTls.Tool -c Release -o artifacts
version=$(dotnet msbuild src/FlexTls -getProperty:PackageVersion)

step "a program that uses FlexTls $version"
# A packages folder of its own: the machine's remembers a package by its version and would serve yesterday's.
# The config names no other source, so that the machine's own stay in force.
export NUGET_PACKAGES=$work/packages
dotnet new console --no-restore -o "$work/consumer"
cp samples/Aot/*.cs "$work/consumer/"
cat > "$work/consumer/nuget.config" <<XML
<configuration>
  <packageSources>
    <add key="artifacts" value="$root/artifacts" />
  </packageSources>
</configuration>
XML
dotnet add "$work/consumer" package FlexTls --version "$version"

step "the pages, step by step, with FlexTls $version"
mkdir "$work/pages"
cp "$work/consumer/nuget.config" "$work/pages/"
bash eng/try-page.sh docs/getting-started.md "$work/pages/started"
bash eng/try-page.sh docs/how-to/yarp.md "$work/pages/yarp"
for library in FlexTls.Yarp FlexTls.AspNetCore; do
  dotnet add "$work/consumer" package "$library" --version "$version"
done

for library in "${libraries[@]}"; do
  restored=$NUGET_PACKAGES/${library,,}/$version
  for file in README.md icon.png "lib/net10.0/$library.dll" "lib/net10.0/$library.xml"; do
    [ -f "$restored/$file" ] || fail "the package $library lacks $file"
  done
  [ -f "artifacts/$library.$version.snupkg" ] || fail "there is no symbol package of $library"
  cmp "$restored/lib/net10.0/$library.dll" "$work/first/src/$library/bin/Release/net10.0/$library.dll" \
    || fail "the program got another $library than the one just made"
done
grep -qF "<dependency id=\"FlexTls.Core\" version=\"[$version]\"" "$NUGET_PACKAGES/flextls/$version/flextls.nuspec" \
  || fail 'FlexTls does not depend on exactly its own version of FlexTls.Core'
# Also for eng/next-runtime.sh.
dotnet build "$work/consumer" -c Release -o artifacts/consumer
dotnet artifacts/consumer/consumer.dll

step 'the same program, trimmed, in one file with its runtime'
dotnet publish "$work/consumer" -c Release --self-contained --use-current-runtime \
  -p:PublishTrimmed=true -p:PublishSingleFile=true -p:TreatWarningsAsErrors=true -o "$work/trimmed"
"$work/trimmed/consumer"

step "the command flextls $version"
dotnet tool install FlexTls.Tool --version "$version" --tool-path "$work/tools" --configfile "$work/consumer/nuget.config"
"$work/tools/flextls" check samples/flex-config --allow-missing-env
unset NUGET_PACKAGES

step 'samples'
if [ -f "$work/pages/started/shop/client.key" ]; then
  bash eng/try-minimal.sh "$work/pages/started/shop"
fi
dotnet run --project samples/QuickStart -c Release
dotnet run --project samples/Rotation -c Release
dotnet run --project samples/Gateway -c Release

step 'sample with Native AOT'
if command -v clang >/dev/null || command -v gcc >/dev/null; then
  dotnet publish samples/Aot -c Release -o "$work/aot"
  "$work/aot/Aot"
  dotnet publish src/FlexTls.Tool -c Release --use-current-runtime -p:PublishAot=true -p:PackAsTool=false -o "$work/flextls"
  cp "$work/flextls/FlexTls.Tool" artifacts/flextls
  artifacts/flextls check samples/flex-config --allow-missing-env
elif [ "${CI:-}" = true ]; then
  fail 'Native AOT needs gcc or clang'
else
  echo 'Skipped: Native AOT needs gcc or clang.'
fi

step 'done'
grep -E '^ +(total|failed|succeeded|skipped):' artifacts/test.log
ls artifacts
