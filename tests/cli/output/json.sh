# SPDX-License-Identifier: Apache-2.0
# Whatever happens, stdout is JSON and nothing else, and stderr is empty.
. "$LIB"
printf 'oscc: 2\nname: b\xff\noscilators: 2\n' >bytes.yaml
printf 'oscc: 2\nname: "a\\"b"\noscilators: 2\n' >bad.yaml
json() {
    local status=0
    echo "=== $*"
    "$OSCC" "$@" --format=json >said || status=$?
    echo "exit $status"
    python3 -m json.tool <said || cat said
}
json check pair/model.yaml
json check bad.yaml
json check bytes.yaml
json check nosuch.yaml
json check --zzz pair/model.yaml
json explain E103
json pdk list
json pair/model.yaml -o chip
json verify chip -n 1
json report chip
json sample digits/model.yaml -n 2 -o d.png
json verify nosuch
