/* SPDX-License-Identifier: Apache-2.0
 *
 * Files, so that nothing is ever half-written: data goes to a temporary name beside the target
 * and is renamed when complete. All functions return 0 or a negative errno value.
 */
#ifndef OSCC_BASE_FS_H
#define OSCC_BASE_FS_H

#include <stdbool.h>
#include <stddef.h>

#include "compiler/base/arena.h"
#include "compiler/base/str.h"

/* A file mapped read-only; bytes is NULL for an empty file. */
struct fs_map {
    const unsigned char *bytes;
    size_t length;
};
int fs_map(const char *path, struct fs_map *map);
void fs_unmap(struct fs_map *map);

/* The whole file as NUL-terminated text owned by the arena; -EFBIG above most bytes. */
int fs_read_text(struct arena *arena, const char *path, size_t most, char **text, size_t *length);

/* Writes a file in one step: the old content or the new one, never a part. */
int fs_write(const char *path, const void *bytes, size_t length);

/* The same with a text, which is freed whatever comes of it, for a file in a folder. */
int fs_write_text(struct arena *arena, const char *folder, const char *name, struct str *text);

int fs_make_folders(const char *path);
int fs_remove_tree(const char *path);
int fs_copy(const char *from, const char *to);
bool fs_exists(const char *path);
bool fs_is_folder(const char *path);

/* Paths, owned by the arena. fs_beside: path relative to the folder in which file lies;
 * an absolute path is returned as it is. */
char *fs_join(struct arena *arena, const char *folder, const char *name);
char *fs_beside(struct arena *arena, const char *file, const char *path);
char *fs_folder_of(struct arena *arena, const char *path);

/* Names of the entries of a folder, sorted, without . and ..; NULL-terminated. */
int fs_list(struct arena *arena, const char *folder, char ***names, size_t *count);

/* A folder made aside and put in place at once. fs_stage_begin makes "<target>.oscc-<pid>" and
 * removes what a killed run of oscc left there; fs_stage_commit exchanges it for the target (an
 * old target is removed afterwards); fs_stage_abort removes it. */
struct fs_stage {
    char *target, *path; /* owned by the arena given */
};
int fs_stage_begin(struct arena *arena, const char *target, struct fs_stage *stage);
int fs_stage_commit(struct fs_stage *stage);
void fs_stage_abort(struct fs_stage *stage);

#endif
