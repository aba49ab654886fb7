# SPDX-License-Identifier: Apache-2.0
# Colours where they are asked for, and not because of a pipe; NO_COLOR.
. "$LIB"
for color in always never auto; do
    "$OSCC" check nosuch.yaml --color=$color 2>said
    cat -v said
done
model '[]'
"$OSCC" check model.yaml --color=always 2>said
cat -v said
python3 - <<'EOF'
import os, pty, subprocess
for value in None, "", "1":
    master, slave = pty.openpty()
    environment = dict(os.environ)
    environment.pop("NO_COLOR", None)
    if value is not None:
        environment["NO_COLOR"] = value
    subprocess.run([os.environ["OSCC"], "check", "nosuch.yaml"], stderr=slave, env=environment)
    os.close(slave)
    print("on a terminal, NO_COLOR=%r: colours %s" % (value, b"\x1b[" in os.read(master, 4096)))
EOF
