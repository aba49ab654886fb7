/* SPDX-License-Identifier: Apache-2.0
 *
 * Plots and the datasheet made of a characterisation; wrong numbers are refused.
 */
#include <errno.h>
#include <math.h>
#include <png.h>

#include "compiler/report/datasheet.h"
#include "compiler/report/plot.h"
#include "pdk/pdk.h"
#include "tests/unit/testing.h"

static void test_step(void **state)
{
    (void)state;
    for (double range = 1e-6; range < 1e6; range *= 1.37) {
        double step = plot_step(range), mantissa = step / pow(10, floor(log10(step) + 1e-9));
        assert_true(range / step >= 4 - 1e-9 && range / step <= 10 + 1e-9);
        assert_true(fabs(mantissa - 1) < 1e-6 || fabs(mantissa - 2) < 1e-6 ||
                    fabs(mantissa - 5) < 1e-6);
    }
}

/* Pixels of a picture whose blue is above its red by a lot: those of the first curve. */
static size_t blue(const char *path, uint32_t *left, uint32_t *right)
{
    png_image image = {.version = PNG_IMAGE_VERSION};
    assert_true(png_image_begin_read_from_file(&image, path));
    image.format = PNG_FORMAT_RGB;
    uint8_t *pixels = malloc(PNG_IMAGE_SIZE(image));
    assert_true(png_image_finish_read(&image, NULL, pixels, 0, NULL));
    size_t count = 0;
    *left = image.width;
    *right = 0;
    for (uint32_t y = 0; y < image.height; y++)
        for (uint32_t x = 0; x < image.width; x++) {
            const uint8_t *p = pixels + 3 * (y * image.width + x);
            if (p[2] < p[0] + 60)
                continue;
            count++;
            *left = x < *left ? x : *left;
            *right = x > *right ? x : *right;
        }
    free(pixels);
    return count;
}

static void test_plot(void **state)
{
    struct scratch *s = *state;
    const double x[] = {0, 1, 2}, y[] = {1, 3, 2};
    struct plot plot = {"a", "b", "c", {{NULL, 3, x, y, true}}};
    const char *path = fs_join(&s->arena, s->folder, "p.png");
    uint32_t left, right;
    assert_int_equal(plot_write(&s->arena, &plot, path), 0);
    size_t all = blue(path, &left, &right);
    assert_true(all > 1000 && left < 130 && right > 680);
    plot.curves[0].count = 2; /* the axis ends where the curve does */
    assert_int_equal(plot_write(&s->arena, &plot, path), 0);
    assert_true(blue(path, &left, &right) != all && right > 680);
    plot.curves[0].count = 1;
    assert_int_equal(plot_write(&s->arena, &plot, path), 0);
    assert_true(blue(path, &left, &right) < 60);
    plot.curves[0].count = 0;
    assert_int_equal(plot_write(&s->arena, &plot, path), -EINVAL);
    const double bad[] = {1, NAN, 2};
    plot.curves[0] = (struct plot_curve){NULL, 3, x, bad, false};
    assert_int_equal(plot_write(&s->arena, &plot, path), -EINVAL);
}

static void test_datasheet(void **state)
{
    struct scratch *s = *state;
    char *data = fs_join(&s->arena, pdk_data_folder(&s->arena), "pdk/sky130A/measured/tt.json");
    json_t *root = json_load_file(data, 0, NULL);
    assert_non_null(root);
    const char *folder = fs_join(&s->arena, s->folder, "sheet");
    assert_int_equal(datasheet_write(&s->arena, root, folder), 0);
    char **names, *text;
    size_t count, length;
    assert_int_equal(fs_list(&s->arena, folder, &names, &count), 0);
    assert_true(count >= 6);
    assert_int_equal(fs_read_text(&s->arena, fs_join(&s->arena, folder, "datasheet.md"), 1 << 20,
                                  &text, &length),
                     0);
    assert_non_null(strstr(text, "# Cells of sky130A, corner tt, discrete models"));
    const json_t *cell = json_object_get(root, "cell");
    const json_t *pull = json_array_get(json_object_get(root, "coupling"), 0);
    double loaded_hz = json_number_value(json_object_get(cell, "loaded_frequency_hz"));
    assert_non_null(strstr(
        text, arena_printf(&s->arena, "| frequency, loaded | %.4f | MHz |", 1e-6 * loaded_hz)));
    assert_non_null(
        strstr(text, arena_printf(&s->arena, "| %.1f | %.3f | %.1f | ",
                                  1e6 * json_number_value(json_object_get(pull, "bus_load_s")),
                                  1e9 * json_number_value(json_object_get(pull, "bus_delay_s")),
                                  1e6 * json_number_value(json_object_get(pull, "row_load_s")))));
    assert_null(strstr(text, " nan"));
    /* every picture that it names is there */
    for (char *at = text; (at = strstr(at, ".png")); at++) {
        char *from = at;
        while (from[-1] != '(')
            from--;
        assert_true(fs_exists(
            fs_join(&s->arena, folder, arena_strndup(&s->arena, from, (size_t)(at + 4 - from)))));
    }
    /* what was not measured is left out */
    json_object_del(root, "coupling");
    json_object_set_new(root, "cell", json_object());
    assert_int_equal(datasheet_write(&s->arena, root, folder), 0);
    assert_int_equal(fs_read_text(&s->arena, fs_join(&s->arena, folder, "datasheet.md"), 1 << 20,
                                  &text, &length),
                     0);
    assert_null(strstr(text, " nan"));
    assert_null(strstr(text, "| frequency, loaded |"));
    json_decref(root);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_step),
        cmocka_unit_test_setup_teardown(test_plot, scratch_setup, scratch_teardown),
        cmocka_unit_test_setup_teardown(test_datasheet, scratch_setup, scratch_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
