# SPDX-License-Identifier: Apache-2.0
# The manual page names every option and every pass that --help and the program name, and formats well.
page=$EXAMPLES/../docs/oscc.1
. "$LIB"
sed 's/\\-/-/g' "$page" >page
for command in check sample verify synth report characterize explain pdk pair/model.yaml; do
    "$OSCC" $command --help | sed -n '/^options:/,$p' | grep -o -e '^ *\(-., \)\?--[a-z-]*' |
        grep -o -e '--[a-z-]*' | while read -r option; do
        grep -q -e "$option\b" page || echo "$command $option is not in the manual"
    done
done
"$OSCC" pair/model.yaml --dump=nosuch 2>&1 | sed -n 's/.*help: \([a-z]*\) .*/\1/p' | while read -r pass; do
    grep -q "\b$pass\b" page || echo "pass $pass is not in the manual"
done
"$OSCC" --version | grep -qF "$(sed -n 's/^\.TH.*"\(oscc .*\)" .*/\1/p' page)" || echo "another version"
if command -v groff >/dev/null; then
    groff -man -Tutf8 -ww "$page" 2>&1 >/dev/null
fi
"$OSCC" sample --help | grep -c -e '--'
