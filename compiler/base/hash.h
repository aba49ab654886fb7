/* SPDX-License-Identifier: Apache-2.0
 *
 * SHA-256 (libmd) in lower-case hexadecimal: the identity of files in the manifest.
 */
#ifndef OSCC_BASE_HASH_H
#define OSCC_BASE_HASH_H

#include <stddef.h>

enum { HASH_TEXT = 65 }; /* bytes of the text with its NUL */

void hash_bytes(const void *bytes, size_t length, char text[HASH_TEXT]);

/* 0, or a negative errno value. */
int hash_file(const char *path, char text[HASH_TEXT]);

#endif
