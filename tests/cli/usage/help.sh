# SPDX-License-Identifier: Apache-2.0
# All the ways to ask for help say the same, the example first.
"$OSCC" --help | tee first
"$OSCC" -h | cmp - first && "$OSCC" help | cmp - first
