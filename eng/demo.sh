#!/usr/bin/env bash
# Sets up, builds, and runs the main job: trains on Adult without and with a fairness constraint, saves, loads, predicts.
#   ./eng/demo.sh [--data DIR] [--constraint dp|eo] [--group sex|race] [--bound 0.05] [--epochs N] [--seed N] [--out model.zip] [--help]
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
samples=HumanCompatible.ML.Samples

"$root/eng/setup.sh"
(cd "$root" && dotnet msbuild "src/$samples/$samples.csproj" -restore -p:Configuration=Release -nologo -v:q < /dev/null)
exec dotnet "$root/src/$samples/bin/Release/net10.0/$samples.dll" demo "$@"
