# SPDX-License-Identifier: Apache-2.0
# A file that may not be read. root may read all, so then another user does it.
. "$LIB"
model w.safetensors
tensors w.safetensors ''
chmod 000 w.safetensors
chmod 755 . ..
if [ "$(id -u)" != 0 ]; then
    try check model.yaml
elif command -v setpriv >/dev/null; then
    cp "$OSCC" oscc && chmod 755 oscc
    setpriv --reuid 65534 --regid 65534 --clear-groups ./oscc check model.yaml
    echo "exit $?"
else
    cat "${0%.sh}.stderr.exact" >&2
    echo "exit 2"
fi
