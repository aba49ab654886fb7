# SPDX-License-Identifier: Apache-2.0
# A limit that is missed: exit status 1, the chip and its report are there.
. "$LIB"
printf 'verify: {phase: {phase_rms_rad: 1.0e-9}}\n' >>pair/model.yaml
try pair/model.yaml -o chip
grep -c 'not met' chip/report/summary.md
left
