#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# All tests, in steps. Called by ./run test; TESTING.md tells what each step is for.
#   tests/run.sh [--all] [STEP...]
set -euo pipefail
cd "$(dirname "$0")/.."
all=no
steps=()
for argument in "$@"; do
    case $argument in
    --all) all=yes ;;
    -*) echo "tests/run.sh: unknown option '$argument'" >&2; exit 2 ;;
    *) steps+=("$argument") ;;
    esac
done
jobs=$(nproc)

build_preset() { # PRESET
    [ -f "build/$1/build.ninja" ] || cmake --preset "$1" >/dev/null
    cmake --build --preset "$1" | tail -1
}

step_format() { clang-format-14 --dry-run -Werror $(git ls-files '*.c' '*.h'); }
step_layers() { tests/layers.sh && tests/layers_test.sh; }
step_build() { build_preset release; }
step_unit() { ctest --test-dir build/release -L unit -j "$jobs" --output-on-failure; }
step_cli() { tests/cli/run.sh "$PWD/build/release/oscc" -j "$jobs"; }
step_golden() { tests/golden/run.sh build/release/oscc; }
step_rtl() {
    tests/rtl/lint.sh
    ctest --test-dir build/release -L rtl -j "$jobs" --output-on-failure
    [ $all = no ] || { build/release/test_protocol --all && build/release/test_control --all; }
}
step_circuit() { ctest --test-dir build/release -L circuit -j "$jobs" --output-on-failure; }
step_replay() { tests/circuit/replay.sh build/release/oscc; }
step_determinism() { tests/circuit/determinism.sh build/release/oscc; }
step_install() { tests/install.sh build/release; }

# The sanitizers run the unit tests; workers with ngspice in them included.
sanitized() { # PRESET
    build_preset "$1" && ctest --test-dir "build/$1" -L unit -j "$jobs" --output-on-failure
}
step_asan() { sanitized asan && tests/cli/run.sh "$PWD/build/asan/oscc" -j "$jobs" bad; }
step_ubsan() { sanitized ubsan; }
step_fuzz() {
    build_preset fuzz
    tests/fuzz/smoke.sh build/fuzz "$([ $all = yes ] && echo 120 || echo 5)"
}

# Long: figures on many samples, and an independent implementation beside ours.
step_figures() { tests/circuit/figures.sh build/release/oscc; }
# By name only: more than ten minutes of processor time, and not yet seen to its end.
step_whole() { build/release/test_whole --all; }
step_pytorch() { tests/circuit/pytorch.sh build/release/oscc; }

if [ ${#steps[@]} = 0 ]; then
    steps=(build format layers unit cli golden rtl circuit replay determinism install asan ubsan fuzz)
    [ $all = yes ] && steps+=(figures pytorch)
fi
passed=0 failed=()
for step in "${steps[@]}"; do
    echo "=== $step"
    start=$SECONDS
    # a subshell, so that one step's failure does not end the others
    if (set -e; "step_$step"); then
        passed=$((passed + 1))
    else
        failed+=("$step")
    fi
    echo "=== $step: $((SECONDS - start)) s"
done
[ ${#failed[@]} = 0 ] || echo "failed: ${failed[*]}"
echo "$passed passed, ${#failed[@]} failed"
[ ${#failed[@]} = 0 ]
