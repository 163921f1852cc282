#!/usr/bin/env bash
# Sets up, builds everything with warnings as errors, runs every test project. Last line: "N passed, N failed" (", N skipped" where some were).
#   ./eng/test.sh [arguments for dotnet test, such as --filter FullyQualifiedName~Samples]
# Exits with 0 only if something ran and nothing failed.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

results=TestResults
configuration=Release

./eng/setup.sh || exit 1
dotnet msbuild HumanCompatible.ML.slnx -restore -p:Configuration="$configuration" -warnaserror -nologo -v:q < /dev/null || { echo "test: the build failed" >&2; echo "0 passed, 1 failed"; exit 1; }

rm -rf "$results"
crashed=0
for project in test/*/*.csproj; do
    grep -q '<IsTestProject>true' "$project" || continue
    name=$(basename "$project" .csproj)
    # A hanging test is ended, and counted as a failure, after ten minutes.
    dotnet test "$project" -c "$configuration" --no-build --nologo -v:q --results-directory "$results/$name" \
        --logger "trx;LogFileName=$name.trx" --logger "console;verbosity=minimal" --blame-hang-timeout 10m --blame-hang-dump-type none "$@" < /dev/null
    status=$?
    # A test host that dies leaves no failed test behind: its project counts as one failure.
    if [ $status -ne 0 ] && ! grep -q 'outcome="Failed"' "$results/$name/$name.trx" 2> /dev/null; then
        echo "test: $name ended with exit code $status and no failed test: the run itself broke" >&2
        crashed=$((crashed + 1))
    fi
done

# Sums one attribute of the <Counters .../> lines over all result files.
count() {
    find "$results" -name '*.trx' -exec grep -h -o '<Counters [^>]*>' {} + 2> /dev/null | grep -o " $1=\"[0-9]*\"" | tr -dc '0-9\n' | awk '{ sum += $1 } END { print sum + 0 }'
}

total=$(count total)
passed=$(count passed)
failed=$(($(count failed) + $(count error) + $(count timeout) + $(count aborted)))
skipped=$((total - passed - failed))
failed=$((failed + crashed))
summary="$passed passed, $failed failed"
if [ "$skipped" -gt 0 ]; then summary="$summary, $skipped skipped"; fi
if [ $((passed + failed)) -eq 0 ]; then echo "test: no test ran" >&2; fi
echo "$summary"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
