/* SPDX-License-Identifier: Apache-2.0 */
#include "spice/words.h"

#include <stdlib.h>
#include <string.h>

const struct circuit_module *words_tile(const struct circuit *circuit, const char *name, char *bank,
                                        size_t *first)
{
    enum { MOST_NAME = 64 };
    const char *suffix = strrchr(name, '_');
    char tile[MOST_NAME], *end;
    if (!suffix || (suffix[1] != 'w' && suffix[1] != 'd') || suffix - name >= MOST_NAME)
        return NULL;
    size_t digits = strspn(suffix + 2, "0123456789");
    if (!digits || suffix[2 + digits])
        return NULL;
    *bank = suffix[1];
    *first = strtoul(suffix + 2, &end, 10);
    memcpy(tile, name, (size_t)(suffix - name));
    tile[suffix - name] = '\0';
    return circuit_find(circuit, tile);
}

/* The code of a word, or false where the chip has no such word. */
static bool find_code(const struct under_test *chip, int class_index, char bank, size_t word,
                      int *code)
{
    size_t drives = (size_t)chip->n * (size_t)chip->m;
    if (bank == 'd') {
        *code =
            word < drives ? chip->word[chip->drive.base + (size_t)class_index * drives + word] : 0;
        return word < drives;
    }
    bool drive = word >= chip->drive.base && word < chip->drive.base + chip->drive.count;
    *code = word < chip->words && !drive ? chip->word[word] : 0;
    return word < chip->words && !drive;
}

static void add_module(const struct circuit_module *tile, const char *name,
                       const struct under_test *chip, int class_index, char bank, size_t first,
                       struct str *out)
{
    enum { A_LINE = 12 };
    str_addf(out, ".subckt %s", name);
    for (size_t p = 0; p < tile->port_count; p++)
        str_addf(out, "%s%s", p % A_LINE == A_LINE - 1 ? "\n+ " : " ", tile->nodes[p]);
    size_t on_line = 0;
    for (size_t i = 0; i < tile->instance_count; i++) {
        const struct circuit_instance *coupler = &tile->instances[i];
        const char *text = circuit_parameter(coupler->parameter_count, coupler->parameters, "code");
        char *end;
        int code;
        if (!text || strncmp(text, "{c", 2) != 0)
            continue;
        size_t k = strtoul(text + 2, &end, 10);
        bool there = first < chip->words && k < chip->words; /* their sum is no overflow */
        if (end > text + 2 && !strcmp(end, "}") && there &&
            find_code(chip, class_index, bank, first + k, &code))
            str_addf(out, "%sc%zu=%d", on_line++ % A_LINE ? " " : "\n.param ", k, code);
    }
    str_add(out, "\nx0");
    for (size_t p = 0; p < tile->port_count; p++)
        str_addf(out, "%s%s", p % A_LINE == A_LINE - 1 ? "\n+ " : " ", tile->nodes[p]);
    str_addf(out, " %s\n.ends\n", tile->name);
}

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

void words_add_modules(struct arena *arena, const struct circuit *circuit,
                       const struct under_test *chip, int class_index, struct str *out)
{
    size_t most = 0, count = 0;
    for (size_t m = 0; m < circuit->module_count; m++)
        most += circuit->modules[m]->instance_count;
    const char **names = ARENA_ARRAY(arena, const char *, most), *last = "";
    for (size_t m = 0; m < circuit->module_count; m++)
        for (size_t i = 0; i < circuit->modules[m]->instance_count; i++)
            if (!circuit_find(circuit, circuit->modules[m]->instances[i].module))
                names[count++] = circuit->modules[m]->instances[i].module;
    qsort(names, count, sizeof *names, compare_names);
    for (size_t k = 0; k < count; last = names[k++]) {
        char bank;
        size_t first;
        const struct circuit_module *tile = words_tile(circuit, names[k], &bank, &first);
        if (tile && strcmp(last, names[k]) != 0)
            add_module(tile, names[k], chip, class_index, bank, first, out);
    }
}
