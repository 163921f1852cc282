#!/usr/bin/env bash
# Builds with warnings as errors, checks the format, runs all tests. Last line: "N passed, N failed" (", N skipped" where some were).
#   ./eng/test.sh [arguments for dotnet test, such as --filter FullyQualifiedName~Samples]
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

results=TestResults
rm -rf $results
status=0
dotnet build HumanCompatible.ML.slnx -c Release -warnaserror -nologo -v:q < /dev/null || { echo "0 passed, 1 failed"; exit 1; }
dotnet format HumanCompatible.ML.slnx --no-restore --verify-no-changes < /dev/null || { echo "The format differs: run dotnet format."; echo "0 passed, 1 failed"; exit 1; }
# A test that hangs is ended, and counted as a failure, after ten minutes.
dotnet test HumanCompatible.ML.slnx -c Release --no-build -nologo -v:q --results-directory $results --logger trx --logger "console;verbosity=minimal" \
    --blame-hang-timeout 10m --blame-hang-dump-type none "$@" < /dev/null || status=$?

# Sums an attribute of the <Counters .../> lines of all result files.
count() { grep -rhos '<Counters [^>]*>' $results --include='*.trx' | grep -o " $1=\"[0-9]*\"" | tr -dc '0-9\n' | awk '{ sum += $1 } END { print sum + 0 }'; }
passed=$(count passed)
failed=$(($(count failed) + $(count error) + $(count timeout) + $(count aborted)))
skipped=$(($(count total) - passed - failed))
# A test host that dies leaves no failed test behind, and no test at all is no success.
if [ $status -ne 0 ] && [ $failed -eq 0 ] || [ $((passed + failed)) -eq 0 ]; then failed=$((failed + 1)); fi
if [ $skipped -gt 0 ]; then echo "$passed passed, $failed failed, $skipped skipped"; else echo "$passed passed, $failed failed"; fi
[ $failed -eq 0 ]
