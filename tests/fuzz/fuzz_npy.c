/* SPDX-License-Identifier: Apache-2.0 */
#include <stdint.h>

#include "compiler/base/npy.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena = {0};
    struct npy npy;
    volatile double sum = 0;
    if (!npy_parse(&arena, data, size, &npy)) {
        size_t count = 1;
        for (int i = 0; i < npy.dimensions; i++)
            count *= npy.shape[i];
        if (count != npy.count)
            __builtin_trap();
        for (size_t i = 0; i < npy.count; i++)
            sum = sum + npy.values[i];
    }
    arena_free(&arena);
    return 0;
}
