#!/usr/bin/env bash
# Stores a model file of each task with its scores, which the tests load and score for ever. Before a release, once its format is final; what was
# released stays as it is.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
version=$(sed -n 's:.*<VersionPrefix>\(.*\)</VersionPrefix>.*:\1:p' "$root/Directory.Build.props")
dotnet run --project "$root/test/HumanCompatible.ML.Benchmarks" -c Release -- store "$root/test/HumanCompatible.ML.Tests/Persistence/Stored/$version"
