/* SPDX-License-Identifier: Apache-2.0
 *
 * Source text and places in it: from a byte offset to line and column, and to the line itself.
 */
#ifndef OSCC_BASE_SOURCE_H
#define OSCC_BASE_SOURCE_H

#include <stddef.h>

struct source {
    const char *path; /* as the user wrote it, for messages */
    const char *text; /* not NUL-terminated in general; NULL where only the path is known */
    size_t length;
};

/* A stretch of a source; source may be NULL (no place), offset counts bytes from 0. */
struct span {
    const struct source *source;
    size_t offset, length;
};

struct source_place {
    size_t line, column;   /* both from 1; column counts bytes */
    const char *line_text; /* the line, without its end */
    size_t line_length;
};

struct source_place source_locate(const struct source *source, size_t offset);

#endif
