#!/usr/bin/env bash
# Decides once, for this checkout, what the build stands on: the real Microsoft.ML and TorchSharp packages, or the stand-ins of eng/standins.
# Writes the answer to eng/stack.local.props (git ignores it; eng/Stack.props reads it) and installs what the stand-ins need.
#   ./eng/setup.sh            decides where nothing is decided yet, or where something it depends on has changed
#   ./eng/setup.sh --again    decides anew
#   MLStack=packages|standins in the environment forces both halves, MicrosoftMLStack or TorchSharpStack one half.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

cache=eng/.cache
answer=eng/stack.local.props
stamp=$cache/setup.stamp
restore_limit=${STACK_RESTORE_LIMIT:-900}   # seconds that one restore may take
native_packages=(g++ libtorch-dev libopenblas0-pthread)

say() { printf 'setup: %s\n' "$*"; }
fail() { printf 'setup: %s\n' "$*" >&2; exit 1; }

check_sdk() {
    command -v dotnet > /dev/null || fail "dotnet is not on the PATH. Install the .NET 10 SDK, then run this again."
    sdk=$(dotnet --version 2> /dev/null) || fail "No .NET SDK here fits global.json. Install the .NET 10 SDK, then run this again."
}

check_choice() { # name value
    case "$2" in
        '' | packages | standins) ;;
        *) fail "$1 is 'packages' or 'standins'; got '$2'." ;;
    esac
}

# Everything that the decision depends on: when none of it has changed, neither has the answer.
fingerprint() {
    {
        echo "$sdk" "$(command -v dotnet)" "${MicrosoftMLStack:-}" "${TorchSharpStack:-}" "${UseCuda:-}" "${RestoreAdditionalProjectSources:-}"
        cat Directory.Packages.props NuGet.config eng/setup.sh eng/stack-probe/CanRestore.proj
        cat /etc/os-release 2> /dev/null || uname -a
    } | cksum
}

# Restores one package in a project of its own. Sets 'resolved' to the version that came, or 'reason' to why none did.
can_restore() { # package version
    local folder=$cache/probe/$1 log status=0
    log=$folder.log
    rm -rf "$folder" && mkdir -p "$folder"
    timeout "$restore_limit" dotnet msbuild eng/stack-probe/CanRestore.proj -t:Restore -nologo -v:q -nodeReuse:false \
        -p:ProbedPackage="$1" -p:ProbedVersion="$2" -p:MSBuildProjectExtensionsPath="$PWD/$folder/" > "$log" 2>&1 < /dev/null || status=$?
    if [ $status -eq 0 ]; then
        resolved=$(sed -n "s|^ *\"$1/\([^\"]*\)\": {.*|\1|p" "$folder/project.assets.json" | head -n 1)
        return 0
    fi
    if [ $status -eq 124 ]; then
        reason="not restored within $restore_limit s"; transient=yes
    elif grep -q -e NU1301 -e NU1900 "$log"; then
        reason="the package sources cannot be reached"; transient=yes
    elif grep -q -e NU1101 -e NU1102 -e NU1103 "$log"; then
        reason="the package sources do not have it"
    else
        reason="restore failed, see $log"; transient=yes
    fi
    return 1
}

version_note() { # pinned resolved
    if [ "$1" = "$2" ]; then echo "$1"; else echo "$2 (the pinned $1 is not served)"; fi
}

# TorchSharp's native library is built against a recent libstdc++: on an older system it restores, yet does not load.
can_load_torch() { # resolved TorchSharp version
    local packages rid ext libtorch torchsharp libraries=() library output
    packages=$(dotnet nuget locals global-packages --list | sed -n 's/^.*global-packages: *//p')
    case "$(uname -s)-$(uname -m)" in
        Linux-x86_64) rid=linux-x64; ext=so ;;
        Darwin-arm64) rid=osx-arm64; ext=dylib ;;
        *) reason="TorchSharp-cpu has no native library for $(uname -s) on $(uname -m)"; return 1 ;;
    esac
    libtorch=$(sed -n "s|^ *\"libtorch-cpu-$rid/\([^\"]*\)\": {.*|\1|p" "$cache/probe/TorchSharp-cpu/project.assets.json" | head -n 1)
    libtorch=${packages%/}/libtorch-cpu-$rid/$libtorch/runtimes/$rid/native
    torchsharp=${packages%/}/torchsharp/$1/runtimes/$rid/native
    for library in "$libtorch/libc10.$ext" "$libtorch/libtorch_cpu.$ext" "$libtorch/libtorch.$ext" "$torchsharp/libLibTorchSharp.$ext"; do
        if [ -f "$library" ]; then libraries+=("$library"); fi
    done
    if [ ! -f "$torchsharp/libLibTorchSharp.$ext" ]; then reason="no native library for $rid in TorchSharp $1"; return 1; fi
    dotnet build eng/stack-probe/CanLoad/CanLoad.csproj -nologo -v:q -nodeReuse:false -o "$cache/probe/CanLoad" \
        -p:BaseIntermediateOutputPath="$PWD/$cache/probe/CanLoad.obj/" > "$cache/probe/CanLoad.log" 2>&1 < /dev/null \
        || fail "The load probe did not build: $(tail -n 1 "$cache/probe/CanLoad.log")"
    if output=$(timeout 120 dotnet "$cache/probe/CanLoad/CanLoad.dll" "${libraries[@]}" 2>&1); then return 0; fi
    reason=$(printf '%s' "$output" | grep -o -m 1 "version .[A-Z_]*[0-9.]*. not found" | head -n 1 || true)
    if [ -n "$reason" ]; then reason="its native library needs a newer system library: $reason"; else reason="its native library does not load: $(printf '%s' "$output" | head -n 1)"; fi
    return 1
}

decide_microsoft_ml() {
    if [ -n "${MicrosoftMLStack:-}" ]; then
        microsoft_ml=$MicrosoftMLStack; say "Microsoft.ML: $microsoft_ml, as MicrosoftMLStack in the environment says"
    elif can_restore Microsoft.ML "$(pin MicrosoftMLVersion)"; then
        microsoft_ml=packages; say "Microsoft.ML: package $(version_note "$(pin MicrosoftMLVersion)" "$resolved")"
    else
        microsoft_ml=standins; say "Microsoft.ML: stand-in (package $(pin MicrosoftMLVersion): $reason)"
    fi
}

decide_torchsharp() {
    if [ -n "${TorchSharpStack:-}" ]; then
        torchsharp=$TorchSharpStack; say "TorchSharp: $torchsharp, as TorchSharpStack in the environment says"
    elif [ "${UseCuda:-}" = true ]; then
        torchsharp=packages; say "TorchSharp: package with CUDA, as UseCuda=true says (not tried out here)"
    elif ! can_restore TorchSharp-cpu "$(pin TorchSharpVersion)"; then
        torchsharp=standins; say "TorchSharp: stand-in over the system's libtorch (package $(pin TorchSharpVersion): $reason)"
    elif ! can_load_torch "$resolved"; then
        torchsharp=standins; say "TorchSharp: stand-in over the system's libtorch (package $resolved restores, but $reason)"
    else
        torchsharp=packages; say "TorchSharp: package $(version_note "$(pin TorchSharpVersion)" "$resolved")"
    fi
}

decide_ml_torchsharp() {
    ml_torchsharp=none
    if [ "$microsoft_ml" != packages ] || [ "$torchsharp" != packages ]; then
        say "Microsoft.ML.TorchSharp: not referenced (it goes with the real Microsoft.ML and TorchSharp); the samples leave out the scenario that uses it"
    elif can_restore Microsoft.ML.TorchSharp "$(pin MicrosoftMLTorchSharpVersion)"; then
        ml_torchsharp=packages; say "Microsoft.ML.TorchSharp: package $(version_note "$(pin MicrosoftMLTorchSharpVersion)" "$resolved")"
    else
        say "Microsoft.ML.TorchSharp: not referenced (package $(pin MicrosoftMLTorchSharpVersion): $reason); the samples leave out the scenario that uses it"
    fi
}

pin() { sed -n "s|^ *<$1>\(.*\)</$1>.*|\1|p" Directory.Packages.props; }

write_answer() {
    local temporary=$answer.$$
    cat > "$temporary" << ANSWER
<Project>
  <!-- Written by eng/setup.sh for this checkout; delete it and run that again to decide anew. -->
  <PropertyGroup>
    <MicrosoftMLStack Condition="'\$(MicrosoftMLStack)' == ''">$microsoft_ml</MicrosoftMLStack>
    <TorchSharpStack Condition="'\$(TorchSharpStack)' == ''">$torchsharp</TorchSharpStack>
    <MLTorchSharpStack Condition="'\$(MLTorchSharpStack)' == ''">$ml_torchsharp</MLTorchSharpStack>
  </PropertyGroup>
</Project>
ANSWER
    mv "$temporary" "$answer"
}

# The stand-in for TorchSharp is a thin binding over the system's libtorch, compiled at build time.
install_native_packages() {
    local missing=() package as_root=()
    if ! command -v dpkg-query > /dev/null; then
        say "No apt here: the TorchSharp stand-in needs a C++ compiler and libtorch's headers and libraries, installed by hand"
        return 0
    fi
    for package in "${native_packages[@]}"; do
        if [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2> /dev/null || true)" != installed ]; then missing+=("$package"); fi
    done
    if [ ${#missing[@]} -eq 0 ]; then return 0; fi
    if [ "$(id -u)" -ne 0 ]; then
        command -v sudo > /dev/null || fail "The TorchSharp stand-in needs: ${missing[*]}. Install them as root (apt-get install), then run this again."
        as_root=(sudo)
        if [ ! -t 0 ]; then as_root+=(-n); fi
        as_root+=(env DEBIAN_FRONTEND=noninteractive)
    else
        as_root=(env DEBIAN_FRONTEND=noninteractive)
    fi
    say "installing ${missing[*]} for the TorchSharp stand-in (some minutes, once)"
    mkdir -p "$cache"
    local options=(-qq -o Acquire::http::Timeout=60 -o Acquire::https::Timeout=60 -o Acquire::Retries=2)
    "${as_root[@]}" apt-get "${options[@]}" update > "$cache/apt.log" 2>&1 < /dev/null || say "apt-get update failed; going on with the lists at hand"
    "${as_root[@]}" apt-get "${options[@]}" install -y --no-install-recommends "${missing[@]}" >> "$cache/apt.log" 2>&1 < /dev/null \
        || fail "apt-get could not install ${missing[*]}: $(tail -n 1 "$cache/apt.log") (all of it in $cache/apt.log)"
}

check_sdk
check_choice MLStack "${MLStack:-}"
check_choice MicrosoftMLStack "${MicrosoftMLStack:-}"
check_choice TorchSharpStack "${TorchSharpStack:-}"

if [ -n "${MLStack:-}" ]; then
    torchsharp=${TorchSharpStack:-$MLStack}
    say "Microsoft.ML: ${MicrosoftMLStack:-$MLStack}, TorchSharp: $torchsharp, as MLStack=$MLStack in the environment says"
elif [ "${1:-}" != --again ] && [ -f "$answer" ] && [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$(fingerprint)" ]; then
    torchsharp=$(sed -n 's|.*<TorchSharpStack.*>\(.*\)</TorchSharpStack>|\1|p' "$answer")
    say "Microsoft.ML: $(sed -n 's|.*<MicrosoftMLStack.*>\(.*\)</MicrosoftMLStack>|\1|p' "$answer"), TorchSharp: $torchsharp, as decided before (./eng/setup.sh --again decides anew)"
else
    transient=no
    mkdir -p "$cache/probe"
    rm -f "$stamp"
    decide_microsoft_ml
    decide_torchsharp
    decide_ml_torchsharp
    write_answer
    rm -rf "$cache/probe/CanLoad" "$cache/probe/CanLoad.obj"
    # What failed for a passing reason (no network just now) is tried again next time.
    if [ "$transient" = no ]; then fingerprint > "$stamp"; fi
fi
if [ "$torchsharp" = standins ]; then install_native_packages; fi
