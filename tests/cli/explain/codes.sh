# SPDX-License-Identifier: Apache-2.0
. "$LIB"
try explain E204
try explain e204
try explain w307
try explain E404
try explain ''
