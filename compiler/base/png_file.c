/* SPDX-License-Identifier: Apache-2.0 */
#include "compiler/base/png_file.h"

#include <errno.h>
#include <png.h>
#include <stdlib.h>

#include "compiler/base/fs.h"

int png_file_write(const char *path, const uint8_t *pixels, uint32_t width, uint32_t height)
{
    png_image image = {
        .version = PNG_IMAGE_VERSION, .width = width, .height = height, .format = PNG_FORMAT_RGB};
    png_alloc_size_t length = PNG_IMAGE_PNG_SIZE_MAX(image);
    void *bytes = malloc(length);
    if (!bytes)
        return -ENOMEM;
    int error = -EINVAL;
    if (png_image_write_to_memory(&image, bytes, &length, 0, pixels, 0, NULL))
        error = fs_write(path, bytes, length);
    free(bytes);
    return error;
}
