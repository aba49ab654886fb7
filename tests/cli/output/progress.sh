# SPDX-License-Identifier: Apache-2.0
# Progress is for a terminal: none in a pipe (all other tests), some here, removed at its end.
. "$LIB"
make_chip
python3 - <<'EOF'
import os, pty, subprocess
master, slave = pty.openpty()
subprocess.run([os.environ["OSCC"], "verify", "chip", "-n", "3", "--level", "phase"],
               stderr=slave, stdout=subprocess.DEVNULL)
os.close(slave)
print(os.read(master, 4096))
EOF
