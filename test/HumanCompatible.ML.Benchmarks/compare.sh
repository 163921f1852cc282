#!/usr/bin/env bash
# Runs the training step and its dual part in C#, in Python torch, and in C++, in turn, one thread each, and prints a table of microseconds.
#   ./compare.sh [alternations, 3 if not given] [measured steps per run, 1500]
# C# brings its own libtorch; Python (python3-torch of Debian) and C++ (libtorch-dev) use that of the system. Each prints its version.
#   PYTHON     a Python that has torch (/usr/bin/python3)
#   ARTIFACTS  where builds and results go (artifacts/compare of the checkout, which git ignores)
set -uo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
alternations=${1:-3}
steps=${2:-1500}
python=${PYTHON:-/usr/bin/python3}
artifacts=${ARTIFACTS:-$root/artifacts/compare}
results=$artifacts/results
export OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 MKL_NUM_THREADS=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
rm -rf "$results"
mkdir -p "$results"

csharp() { # command, then --warmup and --steps
    dotnet "$artifacts/bin/HumanCompatible.ML.Benchmarks/release/HumanCompatible.ML.Benchmarks.dll" "$1" ${2:+--warmup "$2"} ${3:+--steps "$3"}
}

variants=()
if dotnet build "$here" -c Release --artifacts-path "$artifacts" -v:q -nologo -clp:NoSummary < /dev/null > "$results/build.log" 2>&1; then
    variants+=(csharp)
else
    echo "compare: C# does not build; see $results/build.log" >&2
    tail -n 5 "$results/build.log" >&2
fi
if "$python" -c 'import torch' 2> /dev/null; then
    variants+=(python foreach)
else
    echo "compare: $python has no torch: nothing to compare with. On Debian: apt-get install python3-torch"
fi
if command -v g++ > /dev/null && [ -e /usr/include/torch/csrc/api/include/torch/torch.h ] &&
    g++ -O2 -std=c++17 -w "$here/native/training_step.cpp" -I/usr/include/torch/csrc/api/include -ltorch -ltorch_cpu -lc10 -o "$artifacts/training_step" 2> "$results/build-native.log"; then
    variants+=(native)
else
    echo "compare: no g++ or no libtorch-dev: the time outside libtorch is left to the estimate of the command 'step'"
fi
[ ${#variants[@]} -gt 0 ] || exit 1

run() { # variant
    case $1 in
        csharp) csharp step 500 "$steps" && csharp dual ;;
        python) (cd "$here/python" && "$python" -B training_step.py --steps "$steps" && "$python" -B dual_step.py) ;;
        foreach) (cd "$here/python" && "$python" -B training_step.py --foreach --steps "$steps") ;;
        native) "$artifacts/training_step" 500 "$steps" ;;
    esac
}
for ((round = 1; round <= alternations; round++)); do
    for variant in "${variants[@]}"; do
        echo "round $round of $alternations, $variant, load $(cut -d' ' -f1-3 /proc/loadavg 2> /dev/null)"
        if ! run "$variant" > "$results/$variant.$round.txt" 2> "$results/$variant.$round.err"; then
            echo "compare: $variant failed in round $round: $(tail -n 1 "$results/$variant.$round.err")" >&2
        fi
    done
done

echo
grep -h '^# .*thread(s)' "$results"/*.1.txt | sort -u
grep -h '^# a step' "$results"/csharp.1.txt 2> /dev/null
echo "Microseconds: median over the rounds of the runs' medians / lowest of all. csharp, python, foreach (Python with Adam's foreach form) and native (C++)."
cd "$results" && awk -f "$here/compare.awk" -v order="${variants[*]}" $(ls -- *.[0-9]*.txt)
