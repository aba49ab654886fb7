/* SPDX-License-Identifier: Apache-2.0 */
#include "compiler/base/hash.h"

#include <sha2.h>

#include "compiler/base/fs.h"

_Static_assert(HASH_TEXT == SHA256_DIGEST_STRING_LENGTH, "length of a SHA-256 text");

void hash_bytes(const void *bytes, size_t length, char text[HASH_TEXT])
{
    SHA256Data(bytes, length, text);
}

int hash_file(const char *path, char text[HASH_TEXT])
{
    struct fs_map map;
    int error = fs_map(path, &map);
    if (!error)
        hash_bytes(map.bytes ? map.bytes : (const unsigned char *)"", map.length, text);
    fs_unmap(&map);
    return error;
}
