# SPDX-License-Identifier: Apache-2.0
# SIGINT in the first look: the chip stands, complete; exit status 4.
. "$LIB"
python3 - <<'EOF'
import os, signal, subprocess, time
run = subprocess.Popen([os.environ["OSCC"], "digits/model.yaml", "-o", "chip", "-q", "-j", "1"])
while not os.path.exists("chip/verify") and run.poll() is None:
    time.sleep(0.005)
run.send_signal(signal.SIGINT)
print("exit", run.wait(timeout=15))
EOF
ls -A chip/verify
"$OSCC" verify chip --level phase -n 1 -q
left
