#!/usr/bin/env bash
# Publishes the program with its own runtime for one kind of machine, so that a device needs no .NET.
#
#   deploy/publish.sh linux-x64|linux-arm64 FOLDER
set -euo pipefail
[ $# -eq 2 ] || { sed -n '2,/^set/{/^#/s/^# \{0,1\}//p}' "$0" >&2; exit 2; }
rid=$1
folder=$(realpath -m "$2")
cd "$(dirname "$0")/.."
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

# Build folders of its own: a build for one kind of machine must not be taken for the ordinary one. ReadyToRun: machine code for our own
# and the packages' assemblies, which would otherwise be compiled at every start. Paths in symbols do not depend on where this was built.
dotnet publish src/Yolact.Edge/Yolact.Edge.csproj -c Release -r "$rid" --self-contained --artifacts-path out/publish -o "$folder" -v quiet \
    -p:PublishReadyToRun=true -p:ContinuousIntegrationBuild=true -p:RunAnalyzers=false -p:GenerateDocumentationFile=false

# Tracing through LTTng needs a library that no target has; documentation and other systems' start scripts are of no use on a device.
rm -rf "$folder/libcoreclrtraceptprovider.so" "$folder/Configuration" "$folder"/*.xml "$folder/web.config" "$folder"/*.staticwebassets.endpoints.json
