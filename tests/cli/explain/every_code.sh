# SPDX-License-Identifier: Apache-2.0
# Every code there is can be explained, and says something.
grep -o '"[EW][0-9]*"' "$EXAMPLES/../compiler/base/diag_codes.def" | tr -d '"' | while read -r code; do
    "$OSCC" explain "$code" >said || echo "$code: status $?"
    [ "$(wc -w <said)" -ge 12 ] || echo "$code: hardly explained"
done
