/* SPDX-License-Identifier: Apache-2.0
 *
 * The built-in process: nothing needs to be installed for it.
 */
#ifndef OSCC_PDK_GENERIC_H
#define OSCC_PDK_GENERIC_H

#include "pdk/pdk.h"

extern const struct pdk pdk_generic;

#endif
