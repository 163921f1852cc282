#!/usr/bin/env bash
# Mutation testing: breaks the code in many small ways and counts the breaks that the tests notice. Fails where they notice fewer than 90%.
#   ./eng/mutants.sh [folders or files below src/HumanCompatible.ML, without extension, such as Metrics Training/CandidateSearch]
# Tests mirror src: what lies in Metrics is to be noticed by the tests in Metrics, without those of category Slow.
# All of Confidence takes hours, a file minutes.
# The report: artifacts/mutants/reports/mutation-report.html.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

if [ $# -eq 0 ]; then set -- Metrics Confidence Training/Multipliers Training/Candidate; fi
mutate=() filter=""
for path in "$@"; do
    mutate+=(--mutate "**/HumanCompatible.ML/$path*/**/*.cs" --mutate "**/HumanCompatible.ML/$path*.cs")
    filter+="${filter:+|}FullyQualifiedName~.Tests.${path//\//.}"
done

cd "$root/test/HumanCompatible.ML.Tests"
dotnet tool restore > /dev/null
dotnet stryker --config-file ../../eng/stryker-config.json --skip-version-check --output "$root/artifacts/mutants" \
    "${mutate[@]}" --test-case-filter "($filter)&TestCategory!=Slow"
