# SPDX-License-Identifier: Apache-2.0
. "$LIB"
bad() { printf -- "$1" >m.yaml && try check m.yaml; }
bad 'oscc: 1\nname: [a, b\n'
bad 'oscc: 1\nname: "abc\n'
bad 'oscc: 1\n\tname: a\n'
bad 'oscc: 1: 2\n'
bad 'oscc: 1\n---\noscc: 1\n'
bad '{1: 2, [a]: b}\n'
bad '42\n'
bad '- 42\n'
bad 'oscc: !!python/object 1\n'
bad '%%YAML 9.9\n---\noscc: 1\n'
left
