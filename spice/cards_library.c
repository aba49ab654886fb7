/* SPDX-License-Identifier: Apache-2.0
 *
 * Where the processes keep their models, as their own decks include them.
 */
#include <string.h>

#include "compiler/base/fs.h"
#include "compiler/base/str.h"
#include "spice/cards.h"

enum { FILES = 4, CORNERS = 10 };

struct set {
    const char *process, *set;
    const char *behaviour;
    const char *corners[CORNERS];
    struct {
        const char *path;
        const char *sections[CORNERS]; /* for each corner; "" for .include */
    } files[FILES];
};

#define GF180 "gf180mcuD/libs.tech/ngspice/"
#define SKY130 "sky130A/libs.tech/"
#define GENERIC "generic/generic.lib.spice"

static const struct set sets[] = {
    {"generic",
     "level1",
     NULL,
     {"tt", "ss", "ff", "sf", "fs"},
     {{GENERIC, {"tt", "ss", "ff", "sf", "fs"}}}},
    {"sky130A",
     "discrete",
     "hsa",
     {"tt", "ss", "ff", "sf", "fs"},
     {{SKY130 "ngspice/sky130.lib.spice", {"tt", "ss", "ff", "sf", "fs"}}}},
    {"sky130A",
     "continuous",
     "hsa",
     {"tt", "ss", "ff", "sf", "fs", "ll", "hh", "hl", "lh"},
     {{SKY130 "combined/sky130.lib.spice",
       {"tt", "ss", "ff", "sf", "fs", "ll", "hh", "hl", "lh"}}}},
    /* transistors, resistors and capacitors have sections of their own; the mixed corners are
     * those of transistors only */
    {"gf180mcuD",
     "sm141064",
     NULL,
     {"tt", "ss", "ff", "sf", "fs"},
     {{GF180 "design.ngspice", {"", "", "", "", ""}},
      {GF180 "sm141064.ngspice", {"typical", "ss", "ff", "sf", "fs"}},
      {GF180 "sm141064.ngspice", {"res_typical", "res_ss", "res_ff", "res_typical", "res_typical"}},
      {GF180 "sm141064.ngspice",
       {"mimcap_typical", "mimcap_ss", "mimcap_ff", "mimcap_typical", "mimcap_typical"}}}},
};

static size_t find_corner(const struct set *set, const char *corner)
{
    size_t i = 0;
    while (i < CORNERS && set->corners[i] && strcmp(set->corners[i], corner) != 0)
        i++;
    return i < CORNERS && set->corners[i] ? i : CORNERS;
}

enum { SETS = sizeof sets / sizeof *sets };

const char *const *cards_sets(struct arena *arena, const char *process)
{
    const char **names = ARENA_ARRAY(arena, const char *, SETS + 1);
    for (size_t i = 0, count = 0; i < SETS; i++)
        if (!strcmp(sets[i].process, process))
            names[count++] = sets[i].set;
    return names;
}

bool cards_set_found(struct arena *arena, const char *root, const char *process, const char *set)
{
    for (size_t i = 0; i < SETS; i++) {
        if (strcmp(sets[i].process, process) != 0 || strcmp(sets[i].set, set) != 0)
            continue;
        bool found = true;
        for (size_t k = 0; k < FILES && sets[i].files[k].path; k++)
            found = found && fs_exists(fs_join(arena, root, sets[i].files[k].path));
        return found;
    }
    return false;
}

bool cards_set_known(struct arena *arena, const char *process, const char *set, struct diags *diags)
{
    const char *const *names = cards_sets(arena, process);
    struct str known = {0};
    bool found = false;
    for (size_t i = 0; names[i]; i++) {
        found = found || !strcmp(names[i], set);
        str_addf(&known, "%s%s", i ? ", " : "", names[i]);
    }
    if (!found) {
        diag_error(diags, DIAG_UNKNOWN_PDK, SPAN_NONE, "%s has no models called '%s'", process,
                   set);
        diag_help(diags, "it has: %s", known.length ? str_text(&known) : "none");
    }
    str_free(&known);
    return found;
}

bool cards_library(struct arena *arena, const char *root, const char *process, const char *set,
                   const char *corner, struct cards_library *library, struct diags *diags)
{
    for (size_t i = 0; i < SETS; i++) {
        const struct set *found = &sets[i];
        if (strcmp(found->process, process) != 0 || (set && strcmp(found->set, set) != 0))
            continue;
        size_t at = find_corner(found, corner);
        if (at == CORNERS) {
            diag_error(diags, DIAG_UNKNOWN_PDK, SPAN_NONE, "%s %s has no corner \"%s\"", process,
                       found->set, corner);
            return false;
        }
        *library = (struct cards_library){.set = found->set, .behaviour = found->behaviour};
        library->title = arena_printf(arena, "%s %s %s", process, found->set, corner);
        for (size_t k = 0; k < FILES && found->files[k].path; k++) {
            const char *section = found->files[k].sections[at];
            library->sources[library->source_count++] = (struct card_source){
                fs_join(arena, root, found->files[k].path), *section ? section : NULL};
        }
        return true;
    }
    return cards_set_known(arena, process, set ? set : "", diags);
}
