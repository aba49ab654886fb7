/* SPDX-License-Identifier: Apache-2.0 */
#include "synth/synth.h"

bool synth_energy(struct synth *s)
{
    return s != NULL;
}
