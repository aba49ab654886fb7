#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Tests of the command line.
#   tests/cli/run.sh BINARY [-j N] [--bless] [GROUP | GROUP/NAME | pattern]...
#
# A test is a script GROUP/NAME.sh. It runs in an empty folder of its own with
#   $OSCC       the program           $EXAMPLES   the examples of this repository
#   $LIB        lib.sh beside this    $LIMIT      processor seconds one call of $OSCC may take
# What it should print lies beside it; a file that is not there means no output, or exit status 0:
#   NAME.stdout.exact  NAME.stderr.exact   the very bytes
#   NAME.stdout.glob   NAME.stderr.glob    by line; * and ? as in the shell, brackets are brackets,
#                                          a line of three dots stands for any number of lines
#   NAME.exit                              the exit status
# --bless writes the .exact and .exit files anew from what the tests did, never a .glob file.
set -u
export LC_ALL=C
self=$(realpath "$0")
tests=${CLI_TESTS:-$(dirname "$self")} # runner/self.sh runs this on tests of its own making
seconds=${CLI_SECONDS:-60}

# match PATTERNS TEXTS: the arrays P and T from these places on
match() {
    local p=$1 t=$2
    while [ "$p" -lt ${#P[@]} ]; do
        if [ "${P[p]}" = ... ]; then
            [ $((p + 1)) = ${#P[@]} ] && return 0
            for (( ; t < ${#T[@]}; t++)); do
                match $((p + 1)) "$t" && return 0
            done
            return 1
        fi
        local pattern=${P[p]//\\/\\\\}
        pattern=${pattern//\[/\\[}
        # shellcheck disable=SC2053 # a pattern, on purpose
        [ "$t" -lt ${#T[@]} ] && [[ ${T[t]} == $pattern ]] || return 1
        p=$((p + 1)) t=$((t + 1))
    done
    [ "$t" = ${#T[@]} ]
}

# compare BASE STREAM GOT: silent where it is as expected
compare() {
    if [ -f "$1.$2.glob" ]; then
        mapfile -t P <"$1.$2.glob"
        mapfile -t T <"$3"
        match 0 0 || { echo "$2 does not match $2.glob"; diff -u "$1.$2.glob" "$3"; false; }
    elif [ -f "$1.$2.exact" ]; then
        diff -u "$1.$2.exact" "$3"
    else
        diff -u /dev/null "$3"
    fi
}

bless() { # BASE STATUS OUTPUTS
    for stream in stdout stderr; do
        [ -f "$1.$stream.glob" ] && continue
        if [ -s "$3/$stream" ]; then cp "$3/$stream" "$1.$stream.exact"; else rm -f "$1.$stream.exact"; fi
    done
    if [ "$2" = 0 ]; then rm -f "$1.exit"; else echo "$2" >"$1.exit"; fi
}

one() { # NAME: runs one test; prints a diff and fails, or is silent
    local base=$tests/$1 scratch status=0 good=0
    scratch=$(mktemp -d)
    mkdir "$scratch/work"
    (cd "$scratch/work" && exec timeout -k 2 "$seconds" bash "$base.sh") \
        >"$scratch/stdout" 2>"$scratch/stderr" </dev/null || status=$?
    {
        [ $status != 124 ] || { echo "took longer than $seconds s"; good=1; }
        [ $good = 0 ] && [ -n "${BLESS:-}" ] && bless "$base" $status "$scratch"
        compare "$base" stdout "$scratch/stdout" || good=1
        compare "$base" stderr "$scratch/stderr" || good=1
        local wanted=0
        [ -f "$base.exit" ] && wanted=$(<"$base.exit")
        [ "$status" = "$wanted" ] || { echo "exit status $status, expected $wanted"; good=1; }
    } >"$scratch/report"
    [ $good = 0 ] || { echo "FAILED $1"; sed 's/^/    /' "$scratch/report"; } >"$scratch/said"
    [ -s "$scratch/said" ] && cat "$scratch/said" # in one piece, as others run beside
    rm -rf "$scratch"
    return $good
}

if [ "${1:-}" = --one ]; then # how this script calls itself, through xargs
    one "$2"
    exit 0
fi
[ $# -ge 1 ] || { sed -n '4s/^# *//p' "$self" >&2; exit 2; }
OSCC=$(realpath "$1") EXAMPLES=$(realpath "$(dirname "$self")/../../examples") LIB=$(dirname "$self")/lib.sh
LIMIT=2
grep -q __asan_init "$OSCC" && LIMIT=15 # sanitizers take their time
shift
jobs=1 patterns=()
while [ $# -gt 0 ]; do
    case $1 in
    -j) jobs=$2 && shift ;;
    --bless) export BLESS=yes ;;
    -*) echo "run.sh: unknown option '$1'" >&2; exit 2 ;;
    *) patterns+=("$1") ;;
    esac
    shift
done
export OSCC EXAMPLES LIB LIMIT RUNNER=$self
names=$(cd "$tests" && for test in */*.sh; do
    for pattern in "${patterns[@]:-*}"; do
        # shellcheck disable=SC2053
        [[ ${test%.sh} == $pattern || ${test%%/*} == $pattern ]] && echo "${test%.sh}" && break
    done
done)
[ -n "$names" ] || { echo "run.sh: no test is called '${patterns[*]}'" >&2 && exit 2; }
orphans=$(cd "$tests" && for file in */*.exact */*.glob */*.exit; do
    [ ! -e "$file" ] || [ -f "${file%%.*}.sh" ] || echo "FAILED ${file%%.*}: $file has no script"
done)
said=$(echo "$names" | xargs -P "$jobs" -I{} "$self" --one {}; echo "$orphans")
[ -z "${said//$'\n'/}" ] || echo "$said"
failed=$(grep -c '^FAILED' <<<"$said")
count=$(wc -l <<<"$names")
broken=$(grep '^FAILED' <<<"$said" | grep -vc 'has no script$')
echo "cli: $((count - broken)) passed, $failed failed"
[ "$failed" = 0 ]
