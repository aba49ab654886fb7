/* SPDX-License-Identifier: Apache-2.0 */
#include "compiler/base/fs.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

int fs_map(const char *path, struct fs_map *map)
{
    *map = (struct fs_map){0};
    int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC); /* a FIFO would block */
    if (fd < 0)
        return -errno;
    struct stat info;
    int error = fstat(fd, &info)        ? -errno
                : S_ISDIR(info.st_mode) ? -EISDIR
                : S_ISREG(info.st_mode) ? 0
                                        : -EINVAL;
    if (!error && info.st_size > 0) {
        void *bytes = mmap(NULL, (size_t)info.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
        if (bytes == MAP_FAILED)
            error = -errno;
        else
            *map = (struct fs_map){bytes, (size_t)info.st_size};
    }
    close(fd);
    return error;
}

void fs_unmap(struct fs_map *map)
{
    if (map->bytes)
        munmap((void *)(size_t)map->bytes, map->length);
    *map = (struct fs_map){0};
}

int fs_read_text(struct arena *arena, const char *path, size_t most, char **text, size_t *length)
{
    struct fs_map map;
    int error = fs_map(path, &map);
    if (error)
        return error;
    if (map.length > most) {
        error = -EFBIG;
    } else {
        *text = arena_strndup(arena, map.bytes ? (const char *)map.bytes : "", map.length);
        *length = map.length;
    }
    fs_unmap(&map);
    return error;
}

static int write_all(int fd, const char *bytes, size_t length)
{
    while (length) {
        ssize_t written = write(fd, bytes, length);
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            return -errno;
        bytes += written;
        length -= (size_t)written;
    }
    return 0;
}

/* What a path stands for when it is a symbolic link, so that the link stays and its target is
 * replaced; else the path itself. Freed by the caller. */
static char *link_target(const char *path)
{
    char *target = realpath(path, NULL);
    if (!target)
        target = strdup(path);
    if (!target)
        arena_out_of_memory();
    return target;
}

static char *temporary_name(const char *path)
{
    char *name = NULL;
    if (asprintf(&name, "%s.oscc-%ld", path, (long)getpid()) < 0)
        arena_out_of_memory();
    return name;
}

int fs_write(const char *path, const void *bytes, size_t length)
{
    struct stat info;
    if (stat(path, &info) == 0 && !S_ISREG(info.st_mode)) {
        /* a pipe or device (/dev/stdout, /dev/full) cannot be replaced, only written to */
        if (S_ISDIR(info.st_mode))
            return -EISDIR;
        int fd = open(path, O_WRONLY | O_CLOEXEC);
        int error = fd < 0 ? -errno : write_all(fd, bytes, length);
        if (fd >= 0 && close(fd) && !error)
            error = -errno;
        return error;
    }
    char *target = link_target(path), *aside = temporary_name(target);
    int fd = open(aside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    int error = fd < 0 ? -errno : write_all(fd, bytes, length);
    if (fd >= 0) {
        if (!error && fsync(fd) && errno != EINVAL)
            error = -errno;
        if (close(fd) && !error)
            error = -errno;
        if (!error && rename(aside, target))
            error = -errno;
        if (error)
            unlink(aside);
    }
    free(target);
    free(aside);
    return error;
}

int fs_write_text(struct arena *arena, const char *folder, const char *name, struct str *text)
{
    int error = fs_write(fs_join(arena, folder, name), str_text(text), text->length);
    str_free(text);
    return error;
}

int fs_make_folders(const char *path)
{
    if (!*path)
        return -ENOENT;
    char *copy = strdup(path);
    if (!copy)
        arena_out_of_memory();
    int error = 0;
    for (char *slash = copy + 1; !error; slash++) {
        if (*slash != '/' && *slash != '\0')
            continue;
        char kept = *slash;
        *slash = '\0';
        if (mkdir(copy, 0777) && errno != EEXIST)
            error = -errno;
        *slash = kept;
        if (!kept)
            break;
    }
    free(copy);
    if (!error && !fs_is_folder(path))
        error = -ENOTDIR;
    return error;
}

static int remove_entry(const char *path, const struct stat *info, int kind, struct FTW *walk)
{
    (void)info;
    (void)kind;
    (void)walk;
    return remove(path) ? -errno : 0;
}

int fs_remove_tree(const char *path)
{
    int error = nftw(path, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
    return error == -1 ? (errno == ENOENT ? 0 : -errno) : error;
}

int fs_copy(const char *from, const char *to)
{
    struct fs_map map;
    int error = fs_map(from, &map);
    if (error)
        return error;
    error = fs_write(to, map.bytes ? (const void *)map.bytes : "", map.length);
    fs_unmap(&map);
    return error;
}

bool fs_exists(const char *path)
{
    struct stat info;
    return stat(path, &info) == 0;
}

bool fs_is_folder(const char *path)
{
    struct stat info;
    return stat(path, &info) == 0 && S_ISDIR(info.st_mode);
}

char *fs_join(struct arena *arena, const char *folder, const char *name)
{
    size_t length = strlen(folder);
    return arena_printf(arena, "%s%s%s", folder, length && folder[length - 1] == '/' ? "" : "/",
                        name);
}

char *fs_folder_of(struct arena *arena, const char *path)
{
    const char *slash = strrchr(path, '/');
    if (!slash)
        return arena_strdup(arena, ".");
    return arena_strndup(arena, path, slash == path ? 1 : (size_t)(slash - path));
}

char *fs_beside(struct arena *arena, const char *file, const char *path)
{
    if (path[0] == '/' || !strchr(file, '/'))
        return arena_strdup(arena, path);
    return fs_join(arena, fs_folder_of(arena, file), path);
}

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

int fs_list(struct arena *arena, const char *folder, char ***names, size_t *count)
{
    DIR *dir = opendir(folder);
    if (!dir)
        return -errno;
    size_t used = 0, room = 0;
    char **list = NULL;
    ARENA_GROW(arena, list, used, room); /* a list also where the folder is empty */
    for (struct dirent *entry; (entry = readdir(dir));) {
        if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, ".."))
            continue;
        ARENA_GROW(arena, list, used, room);
        list[used++] = arena_strdup(arena, entry->d_name);
    }
    closedir(dir);
    qsort(list, used, sizeof *list, compare_names);
    *names = list;
    *count = used;
    return 0;
}

/* What runs that were killed left beside the target: "<name>.oscc-<pid>" of a process that is
 * no more. */
static void remove_leftovers(struct arena *arena, const char *target)
{
    const char *slash = strrchr(target, '/');
    const char *name = slash ? slash + 1 : target;
    char *prefix = arena_printf(arena, "%s.oscc-", name);
    char *folder = fs_folder_of(arena, target);
    char **names;
    size_t count;
    if (fs_list(arena, folder, &names, &count))
        return;
    for (size_t i = 0; i < count; i++) {
        if (strncmp(names[i], prefix, strlen(prefix)) != 0)
            continue;
        char *end;
        long pid = strtol(names[i] + strlen(prefix), &end, 10);
        if (*end == '\0' && pid > 0 && (pid == getpid() || (kill((pid_t)pid, 0) && errno == ESRCH)))
            fs_remove_tree(fs_join(arena, folder, names[i]));
    }
}

int fs_stage_begin(struct arena *arena, const char *target, struct fs_stage *stage)
{
    size_t length = strlen(target);
    while (length > 1 && target[length - 1] == '/')
        length--;
    char *resolved = link_target(arena_strndup(arena, target, length));
    stage->target = arena_strdup(arena, resolved);
    free(resolved);
    char *name = temporary_name(stage->target);
    stage->path = arena_strdup(arena, name);
    free(name);
    int error = fs_make_folders(fs_folder_of(arena, stage->target));
    if (error)
        return error;
    remove_leftovers(arena, stage->target);
    return mkdir(stage->path, 0777) ? -errno : 0;
}

int fs_stage_commit(struct fs_stage *stage)
{
    if (!fs_exists(stage->target)) {
        if (rename(stage->path, stage->target))
            return -errno;
        return 0;
    }
    if (renameat2(AT_FDCWD, stage->path, AT_FDCWD, stage->target, RENAME_EXCHANGE))
        return -errno;
    /* now the old content: what cannot be removed is in nobody's way and a later run tries again */
    fs_remove_tree(stage->path);
    return 0;
}

void fs_stage_abort(struct fs_stage *stage)
{
    if (stage->path)
        fs_remove_tree(stage->path);
}
