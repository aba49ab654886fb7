# SPDX-License-Identifier: Apache-2.0
# Half a million faults: the first hundred are shown, the rest counted, in no time.
. "$LIB"
python3 -c 'print("\n".join("k%d: 1" % i for i in range(500000)))' >keys.yaml
try check keys.yaml 2>said
grep -c 'unknown key' said
tail -1 said
python3 -c 'print("\n".join("k: 1" for i in range(500000)))' >same.yaml
try check same.yaml 2>said
grep -c 'again' said
tail -1 said
