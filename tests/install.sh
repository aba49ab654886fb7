#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# An installed oscc works outside the source tree, with nothing but what was installed.
#   tests/install.sh BUILD
set -euo pipefail
build=$(cd "$1" && pwd)
examples=$(cd "$(dirname "$0")/../examples" && pwd)
prefix=$(mktemp -d)
trap 'rm -rf "$prefix"' EXIT
cmake --install "$build" --prefix "$prefix/usr" >/dev/null
cp -r "$examples/pair" "$prefix/pair"
cd "$prefix"
for file in usr/bin/oscc usr/share/oscc/pdk/cells/behavioural/oscillator.spice \
    usr/share/man/man1/oscc.1 usr/share/oscc/model.schema.json; do
    [ -f "$file" ] || { echo "not installed: $file"; exit 1; }
done
usr/bin/oscc pdk doctor >doctor
grep -qF -e "$prefix/usr/bin/../share/oscc" -e "$prefix/usr/share/oscc" doctor || {
    echo "the installed oscc does not use the installed cells:"
    cat doctor
    exit 1
}
usr/bin/oscc pair/model.yaml -o chip
usr/bin/oscc verify chip --level cell --samples 2
usr/bin/oscc verify chip --level device --samples 1
cmp chip/spice/behavioural/cells.spice <(cd usr/share/oscc/pdk/cells/behavioural &&
    cat oscillator.spice <(echo) driver.spice <(echo) coupler.spice <(echo) dummy.spice)
cmp chip/verilog/control.v usr/share/oscc/netlist/rtl/control.v
echo "install: good"
