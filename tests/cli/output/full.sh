# SPDX-License-Identifier: Apache-2.0
# Output that cannot be written is not success.
. "$LIB"
for command in "--help" "--version" "check pair/model.yaml" "explain E101" "pdk list" "check --help" \
    "check pair/model.yaml --format=json"; do
    status=0
    "$OSCC" $command >/dev/full || status=$?
    echo "$command: exit $status"
done
"$OSCC" --help | head -1
