/* SPDX-License-Identifier: Apache-2.0
 *
 * A safetensors file of any bytes, alone and as the weights of a small model.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "compiler/model/model.h"
#include "compiler/model/safetensors.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char yaml[] = "oscc: 1\noscillators: 2\nconditioning: 1\n"
                           "dynamics: {weights: w.safetensors, parameterization: mup}\n"
                           "decoder: {kind: linear, weights: w.safetensors}\n"
                           "image: {channels: 1, height: 1, width: 1}\n"
                           "classifier: {weights: w.safetensors}\n";
static char folder[64], weights[96], path[96];

static void remove_folder(void)
{
    unlink(weights);
    rmdir(folder);
}

static void make_folder(void)
{
    strcpy(folder, "/tmp/oscc-fuzz-XXXXXX");
    if (!mkdtemp(folder))
        abort();
    snprintf(weights, sizeof weights, "%s/w.safetensors", folder);
    snprintf(path, sizeof path, "%s/model.yaml", folder);
    atexit(remove_folder);
}

static void load_model(const uint8_t *data, size_t size)
{
    if (!*folder)
        make_folder();
    FILE *file = fopen(weights, "wb");
    if (!file)
        abort();
    fwrite(data, 1, size, file);
    fclose(file);
    struct arena arena = {0};
    struct diags diags = {0};
    struct source source = {path, yaml, sizeof yaml - 1};
    struct model *model = model_parse(&arena, &source, &diags);
    if (!model != (diags.errors > 0))
        __builtin_trap();
    diag_free(&diags);
    arena_free(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena = {0};
    struct safetensors file;
    volatile double sum = 0;
    bool good = !safetensors_parse(&arena, data, size, &file);
    for (size_t i = 0; good && i < file.count; i++) {
        const struct safetensors_tensor *tensor = &file.tensors[i];
        if (tensor->type == NUMBER_OTHER)
            continue;
        double *values = ARENA_ARRAY(&arena, double, tensor->count);
        number_read(tensor->type, tensor->bytes, tensor->count, values);
        for (size_t j = 0; j < tensor->count; j++)
            sum = sum + values[j];
    }
    arena_free(&arena);
    if (good)
        load_model(data, size);
    return 0;
}
