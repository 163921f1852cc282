#!/usr/bin/env bash
# Builds, then trains on Adult without and with a fairness constraint, audits both, writes report.html, saves, loads, predicts. --help names the options.
set -euo pipefail
exec dotnet run --project "$(dirname "${BASH_SOURCE[0]}")/../src/HumanCompatible.ML.Samples" -c Release -- demo "$@"
