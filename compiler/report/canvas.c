/* SPDX-License-Identifier: Apache-2.0 */
#include "compiler/report/canvas.h"

#include <math.h>
#include <string.h>

static const struct {
    char letter;
    uint8_t row[7];
} font[] = {
#include "compiler/report/font.def"
};

struct canvas canvas_make(struct arena *arena, int width, int height)
{
    size_t bytes = 3 * (size_t)width * (size_t)height;
    struct canvas canvas = {width, height, ARENA_ARRAY(arena, uint8_t, bytes)};
    memset(canvas.pixels, 0xff, bytes);
    return canvas;
}

static void fill(struct canvas *canvas, int left, int top, int size, const uint8_t color[3])
{
    for (int y = top; y < top + size; y++)
        for (int x = left; x < left + size; x++)
            if (x >= 0 && y >= 0 && x < canvas->width && y < canvas->height)
                memcpy(canvas->pixels + 3 * ((size_t)y * (size_t)canvas->width + (size_t)x), color,
                       3);
}

void canvas_image(struct canvas *canvas, int left, int top, int zoom, int channels, int height,
                  int width, const double *image)
{
    size_t plane = channels >= 3 ? (size_t)height * (size_t)width : 0;
    for (int y = 0; y < height; y++) {
        for (int x = 0; x < width; x++) {
            size_t at = (size_t)y * (size_t)width + (size_t)x;
            uint8_t color[3];
            for (size_t c = 0; c < 3; c++)
                color[c] = (uint8_t)lround(255 * fmin(fmax(image[at + c * plane], 0), 1));
            fill(canvas, left + x * zoom, top + y * zoom, zoom, color);
        }
    }
}

void canvas_text(struct canvas *canvas, int left, int top, const char *text)
{
    static const uint8_t ink[3] = {0x20, 0x20, 0x20};
    for (; *text; text++, left += CANVAS_LETTER_WIDTH)
        for (size_t g = 0; g < sizeof font / sizeof *font; g++)
            for (int dot = 0; font[g].letter == *text && dot < 35; dot++)
                if (font[g].row[dot / 5] >> (4 - dot % 5) & 1)
                    fill(canvas, left + 2 * (dot % 5), top + 2 * (dot / 5), 2, ink);
}
