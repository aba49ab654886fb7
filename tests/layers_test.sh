#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# layers.sh must find an #include that points the wrong way.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
mkdir -p "$root"/compiler/{base,model,sample,map,report,cli} "$root"/{pdk,netlist,spice}
echo '#include "compiler/base/b.h"' >"$root/spice/s.c"
"$here/layers.sh" "$root" >/dev/null
echo '#include "spice/s.h"' >"$root/compiler/map/m.c"
if "$here/layers.sh" "$root" >/dev/null; then
    echo "layers.sh did not see an include from map to spice"
    exit 1
fi
echo '#include "elsewhere/x.h"' >"$root/compiler/map/m.c"
if "$here/layers.sh" "$root" >/dev/null; then
    echo "layers.sh did not see an include of an unknown folder"
    exit 1
fi
