# SPDX-License-Identifier: Apache-2.0
# Deep, long, wide and doubling: refused at once, whatever the size.
. "$LIB"
bomb() { echo "--- $1" >&2; python3 -c "$2" >m.yaml; try check m.yaml; rm m.yaml; }
bomb 'flow depth' 'print("[" * 1000000)'
bomb 'block depth' 'print("\n".join(" " * i + "a:" for i in range(2000)))'
bomb 'sequence depth' 'print("- " * 1000000)'
bomb 'question marks' 'print("? " * 1000000)'
bomb 'many values' 'print("a: [" + "1," * 3000000 + "]")'
bomb 'large' 'print("a: " + "x" * 20000000)'
bomb 'aliases' 'print("a: &a [x, x]\n" + "\n".join("%c: &%c [*%c, *%c]" % (98 + i, 98 + i, 97 + i, 97 + i) for i in range(20)))'
bomb 'alias of nothing' 'print("a: *b")'
bomb 'unending text' 'print("a: \"" + "x\\n" * 1000000)'
left
