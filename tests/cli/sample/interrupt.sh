# SPDX-License-Identifier: Apache-2.0
# SIGINT in the middle: exit status 4 and no file.
. "$LIB"
python3 - <<'EOF'
import os, signal, subprocess, time
run = subprocess.Popen([os.environ["OSCC"], "sample", "digits/model.yaml", "-n", "200000",
                        "--solver", "ode", "--phases-out", "x.npy"])
time.sleep(0.5)
run.send_signal(signal.SIGINT)
print("exit", run.wait(timeout=15))
EOF
left
