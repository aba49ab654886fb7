# SPDX-License-Identifier: Apache-2.0
# SIGINT while decks are written, SIGTERM while ngspice runs: exit status 4, what was there before is as
# it was, nothing half-made is left and no worker runs on.
. "$LIB"
make_chip
"$OSCC" verify chip -q -n 2 && cp -r chip before
stop() { # SIGNAL SAMPLES yes|no: wait for workers
    python3 - "$@" <<'EOF'
import os, signal, subprocess, sys, time
run = subprocess.Popen([os.environ["OSCC"], "verify", "chip", "-n", sys.argv[2], "-j", "2"])
children = []
while run.poll() is None and not children:
    if sys.argv[3] == "no" and os.path.exists("chip/verify/cell-nominal.oscc-%d/000000" % run.pid):
        break
    children = open("/proc/%d/task/%d/children" % (run.pid, run.pid)).read().split()
run.send_signal(getattr(signal, sys.argv[1]))
print("exit", run.wait(timeout=15), "with workers" if children else "without workers")
print("workers that run on:", sum(os.path.exists("/proc/" + child) for child in children))
EOF
    diff -r before chip && echo "as it was"
}
stop SIGINT 100000 no
stop SIGTERM 1000 yes
ls -A chip/verify
left
