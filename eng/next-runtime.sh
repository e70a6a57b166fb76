#!/usr/bin/env bash
# Runs what was built for Release on the newest .NET 11 runtime, which is laid out from its packages: no SDK of that
# version is needed. Leaves the logs of the tests in artifacts/; the exit code is 0 only if all passed.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
major=11
export DOTNET_CLI_UI_LANGUAGE=en DOTNET_NOLOGO=1

rid=$(dotnet --info | sed -n 's/^ *RID: *//p' | sed -E 's/^[a-z]+[.0-9]*-/linux-/' | head -n 1)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# The highest released version of the runtime; NuGet lists them in order.
version=$(dotnet package search "Microsoft.NETCore.App.Runtime.$rid" --exact-match --format json \
  | sed -n "s/.*\"version\": *\"\($major\.[0-9.]*\)\".*/\1/p" | tail -n 1)
[ -n "$version" ] || { echo "next-runtime.sh: no package of a .NET $major runtime for $rid" >&2; exit 1; }

# Only downloads: a project cannot refer to these packages.
cat > "$work/packages.csproj" <<XML
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <TargetFramework>net10.0</TargetFramework>
    <RestorePackagesPath>$work/packages</RestorePackagesPath>
  </PropertyGroup>
  <ItemGroup>
    <PackageDownload Include="Microsoft.NETCore.App.Runtime.$rid" Version="[$version]" />
    <PackageDownload Include="Microsoft.AspNetCore.App.Runtime.$rid" Version="[$version]" />
  </ItemGroup>
</Project>
XML
dotnet restore "$work/packages.csproj"

# A dotnet root: the starter of the SDK that is installed, and the runtime's own host.
root=$work/dotnet
mkdir -p "$root/host/fxr/$version"
cp "$(readlink -f "$(command -v dotnet)")" "$root/dotnet"
for framework in NETCore AspNetCore; do
  package="$work/packages/microsoft.${framework,,}.app.runtime.$rid/$version/runtimes/$rid"
  shared="$root/shared/Microsoft.$framework.App/$version"
  mkdir -p "$shared"
  cp "$package"/lib/net$major.0/* "$shared/"
  [ ! -d "$package/native" ] || cp "$package"/native/* "$shared/"
done
mv "$root/shared/Microsoft.NETCore.App/$version/libhostfxr.so" "$root/host/fxr/$version/"

export DOTNET_ROOT=$root DOTNET_ROLL_FORWARD=LatestMajor
status=0
mkdir -p artifacts
: > artifacts/next-runtime.log
for project in FlexTls.Core.Tests FlexTls.Tests FlexTls.AdapterTests FlexTls.Yarp.Tests FlexTls.AspNetCore.Tests FlexTls.RecipeTests; do
  printf '\n== %s on .NET %s\n' "$project" "$version"
  "$root/dotnet" "tests/$project/bin/Release/net10.0/$project.dll" -noColor 2>&1 | tee -a artifacts/next-runtime.log || status=1
done
printf '\n== QuickStart on .NET %s\n' "$version"
"$root/dotnet" samples/QuickStart/bin/Release/net10.0/QuickStart.dll || status=1
# The program of build.sh that uses the packages.
if [ -f artifacts/consumer/consumer.dll ]; then
  printf '\n== a program with the packages on .NET %s\n' "$version"
  "$root/dotnet" artifacts/consumer/consumer.dll || status=1
fi
exit $status
