# SPDX-License-Identifier: Apache-2.0
# The same report from the stored results, but for nothing.
. "$LIB"
make_chip
try report chip
"$OSCC" verify chip -q -n 2 --level phase
cp -r chip/report before
try report chip/
diff -r before chip/report && echo same
python3 -m json.tool chip/report/metrics.json >/dev/null && echo "metrics.json is JSON"
python3 -c 'import xml.dom.minidom; xml.dom.minidom.parse("chip/report/junit.xml")' && echo "junit.xml is XML"
left
