# SPDX-License-Identifier: Apache-2.0
# Every command that --help lists has its own, with an example that begins with its name.
for command in check sample verify synth report characterize explain pdk; do
    echo "=== $command"
    "$OSCC" $command --help | tee said
    head -1 said | grep -q "^  oscc $command " || echo "no example first"
    "$OSCC" help $command | cmp - said
done
echo "=== (compile)"
"$OSCC" model.yaml --help
