/* SPDX-License-Identifier: Apache-2.0 */
#include "spice/lockstep_plan.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "compiler/base/fs.h"
#include "compiler/base/str.h"
#include "spice/pins.h"

int lockstep_plan_write(struct arena *arena, const struct lockstep_plan *plan, const char *folder)
{
    struct str text = {0};
    str_addf(&text, "oscillators %zu\ntick ", plan->oscillators);
    str_add_exact(&text, plan->tick_s);
    str_addf(&text, "\nsteps %d\nhigh ", plan->steps);
    str_add_exact(&text, plan->high_v);
    str_add(&text, "\nthreshold ");
    str_add_exact(&text, plan->threshold_v);
    str_addf(&text, "\nuntil_en_falls %d\nen %d\nh ", plan->until_en_falls, plan->en);
    pins_add_hex(plan->oscillators, plan->h, &text);
    str_add(&text, "\n");
    for (size_t i = 0; i < plan->oscillators; i++)
        str_addf(&text, "q %s\n", plan->q[i]);
    int error = fs_write_text(arena, folder, LOCKSTEP_PLAN_NAME, &text);
    str_free(&text);
    return error;
}

/* The next "<key> <value>" line, its value ended by NUL; NULL where it has another key. */
static char *next_value(char **text, const char *key)
{
    size_t length = strlen(key);
    if (strncmp(*text, key, length) != 0 || (*text)[length] != ' ')
        return NULL;
    char *value = *text + length + 1, *end = strchr(value, '\n');
    if (!end)
        return NULL;
    *end = '\0';
    *text = end + 1;
    return value;
}

static bool next_number(char **text, const char *key, double least, double *number)
{
    char *value = next_value(text, key), *end = NULL;
    *number = value ? strtod(value, &end) : 0;
    return value && end != value && !*end && *number >= least && isfinite(*number);
}

struct lockstep_plan *lockstep_plan_read(struct arena *arena, const char *path)
{
    enum { MOST = 1 << 24 };
    struct lockstep_plan *plan = ARENA_NEW(arena, struct lockstep_plan);
    char *text;
    size_t length;
    double count, steps, until, en;
    if (fs_read_text(arena, path, (size_t)1 << 32, &text, &length) ||
        !next_number(&text, "oscillators", 1, &count) || count > MOST ||
        !next_number(&text, "tick", 0, &plan->tick_s) || !(plan->tick_s > 0) ||
        !next_number(&text, "steps", 1, &steps) || steps > MOST ||
        !next_number(&text, "high", 0, &plan->high_v) ||
        !next_number(&text, "threshold", 0, &plan->threshold_v) ||
        !next_number(&text, "until_en_falls", 0, &until) || !next_number(&text, "en", 0, &en))
        return NULL;
    plan->oscillators = (size_t)count;
    plan->steps = (int)steps;
    plan->until_en_falls = until > 0;
    plan->en = en > 0;
    plan->h = ARENA_ARRAY(arena, bool, plan->oscillators);
    plan->q = ARENA_ARRAY(arena, const char *, plan->oscillators);
    const char *h = next_value(&text, "h");
    bool good = h && pins_read_hex(h, plan->oscillators, plan->h);
    for (size_t i = 0; i < plan->oscillators && good; i++) {
        plan->q[i] = next_value(&text, "q");
        good = plan->q[i] != NULL;
    }
    return good ? plan : NULL;
}

const char *lockstep_record_next(const char *text, size_t count, bool *q, const char **answer)
{
    const char *end = strchr(text, '\n'), *blank = strchr(text, ' ');
    if (!end || !blank || blank > end || !pins_read_hex(text, count, q))
        return NULL;
    *answer = blank + 1;
    return end + 1;
}
