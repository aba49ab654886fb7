# SPDX-License-Identifier: Apache-2.0
. "$LIB"
try report
try report nosuch
try report pair
