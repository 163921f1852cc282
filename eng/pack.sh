#!/usr/bin/env bash
# Packs the library and its package for MPI into artifacts/packages, and with --tool also the command line hcml for this machine's platform.
#   ./eng/pack.sh [--tool] [arguments for dotnet pack, such as --version-suffix beta.1]
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
projects=("$root/src/HumanCompatible.ML" "$root/src/HumanCompatible.ML.Mpi")
if [ "${1:-}" = --tool ]; then projects+=("$root/src/HumanCompatible.ML.Samples"); shift; fi
for project in "${projects[@]}"; do
    dotnet pack "$project" -c Release -o "$root/artifacts/packages" -nologo "$@"
done
