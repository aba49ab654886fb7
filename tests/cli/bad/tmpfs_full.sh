# SPDX-License-Identifier: Apache-2.0
# A file system that holds a chip of examples/pair but not its report, where one may be mounted (in a
# name space of its own).
. "$LIB"
"$OSCC" pair/model.yaml -o whole -q --no-verify
rm -r whole/report
export SIZE=$(find whole -type f -printf '%s\n' | awk '{k += 4 * int(($1 + 4095) / 4096)} END {print k}')
mkdir full
cat >inside <<'EOF'
mount -t tmpfs -o size=$((SIZE + 4))k none full || exit 99
"$OSCC" digits/model.yaml -o full/chip
echo "exit $?"
"$OSCC" pair/model.yaml -o full/chip -q --no-verify
echo "exit $?"
cp -r full/chip before
dd if=/dev/zero of=full/rest bs=1k 2>/dev/null
"$OSCC" pair/model.yaml -o full/chip
echo "exit $?"
"$OSCC" verify full/chip -n 4
echo "exit $?"
"$OSCC" sample pair/model.yaml --phases-out full/x.npy
echo "exit $?"
ls -A full
rmdir full/chip/verify
diff -r before full/chip && echo "the old chip is as it was"
EOF
unshare -rm bash inside >out 2>err
if [ $? = 99 ] || ! [ -s out ]; then # no name spaces here: bad/disk_full has to do
    cat "${0%.sh}.stdout.exact"
else
    cat out
    sed 's/oscc-[0-9]*/oscc-PID/; s/([a-z_./]*)/(FILE)/' err >&2
fi
