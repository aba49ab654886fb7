# SPDX-License-Identifier: Apache-2.0
#
# The runner itself: tests that must fail do, and blessing changes what it should and no more.
export CLI_TESTS=$PWD/tests CLI_SECONDS=1
unset BLESS
mkdir -p tests/t
test_is() { printf '%s\n' "$2" >"tests/t/$1.sh"; }
test_is good 'echo one; echo two >&2; exit 3'
echo one >tests/t/good.stdout.exact
echo two >tests/t/good.stderr.exact
echo 3 >tests/t/good.exit
test_is glob 'printf "a 1 [E1]\nb\nc\nd\n"'
printf 'a ? [E1]\n...\nd\n' >tests/t/glob.stdout.glob
test_is silent ':'
test_is wrong_stdout 'echo other'
echo one >tests/t/wrong_stdout.stdout.exact
test_is more_stderr 'echo surprise >&2'
test_is wrong_exit 'exit 4'
test_is glob_short 'printf "a\nb\n"'
printf 'a\n' >tests/t/glob_short.stdout.glob
test_is glob_long 'echo a'
printf 'a\n...\nb\n' >tests/t/glob_long.stdout.glob
test_is glob_class 'echo x1y'
printf 'x[0-9]y\n' >tests/t/glob_class.stdout.glob
test_is slow 'sleep 5'
touch tests/t/gone.stdout.exact

"$RUNNER" /bin/true -j 4 | grep -e ^FAILED -e ^cli | sort
echo "--- one group, one name, no name"
"$RUNNER" /bin/true 't/g*d' | tail -1
"$RUNNER" /bin/true nosuch
echo "status $?"
echo "--- blessed"
rm tests/t/gone.stdout.exact tests/t/slow.sh
"$RUNNER" /bin/true --bless | grep -e ^FAILED -e ^cli | sort
cat tests/t/wrong_stdout.stdout.exact tests/t/more_stderr.stderr.exact tests/t/wrong_exit.exit
cat tests/t/glob_short.stdout.glob
