# SPDX-License-Identifier: Apache-2.0
# Ended without a chance to tidy up: the workers end too, and the next run removes what is left.
. "$LIB"
make_chip
python3 - <<'EOF'
import os, subprocess, time
run = subprocess.Popen([os.environ["OSCC"], "verify", "chip", "-n", "500", "-j", "2"])
children = []
while not children and run.poll() is None:
    children = open("/proc/%d/task/%d/children" % (run.pid, run.pid)).read().split()
run.kill()
print("exit", run.wait())
time.sleep(0.5)
alive = [c for c in children if os.path.exists("/proc/%s" % c) and
         open("/proc/%s/stat" % c).read().split()[2] not in "Z"]
print("workers that run on:", len(alive))
EOF
ls chip/verify | sed 's/oscc-.*/oscc-PID/'
"$OSCC" verify chip -q -n 2
ls chip/verify
