/* SPDX-License-Identifier: Apache-2.0
 *
 * Pictures as PNG files, through libpng; the same pixels give the same bytes.
 */
#ifndef OSCC_BASE_PNG_FILE_H
#define OSCC_BASE_PNG_FILE_H

#include <stdint.h>

/* pixels: height x width x 3 bytes, red green blue, rows from the top. 0 or a negative errno. */
int png_file_write(const char *path, const uint8_t *pixels, uint32_t width, uint32_t height);

#endif
