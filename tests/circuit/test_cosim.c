/* SPDX-License-Identifier: Apache-2.0
 *
 * A chip through its pins: Verilog in lock-step with ngspice gives the images that the model draws,
 * in two simulators; a boot image, a parameter, a table or a wire of the control that is changed is
 * seen. Needs Verilator and Icarus Verilog.
 */
#include <unistd.h>

#include "tests/circuit/chip_fixture.h"

#include "compiler/report/report.h"
#include "control/host.h"
#include "spice/cosim.h"

static const char *const two_pixels =
    "oscc: 1\nname: two_pixels\noscillators: 2\nconditioning: 1\nclasses: 2\n"
    "dynamics:\n  weights:\n    K: [[0.0, 0.5], [-0.5, 0.0]]\n    omega: [0.2, -0.2]\n"
    "    K_drive: [[[4.0], [4.0]], [[4.0], [-4.0]]]\n  conditioning_start: zero\n"
    "readout: ref_drive\ndecoder:\n  kind: linear\n"
    "  weights: {out.weight: [[0.5, 0.25, 1.5, -0.5], [-1.0, 0.75, 0.5, 1.0]], "
    "out.bias: [0.25, -0.5]}\nimage: {channels: 1, height: 1, width: 2}\n";

static int set_up(void **state)
{
    char path[] = "/tmp/oscc-test-XXXXXX";
    int file = mkstemp(path);
    assert_true(file >= 0 && write(file, two_pixels, strlen(two_pixels)) > 0);
    close(file);
    *state = fixture_make(path, "generic");
    unlink(path);
    return 0;
}

/* What is said of the chip as it is: "" when it passes. */
static const char *judge(struct fixture *f, enum model_level level, size_t samples, bool icarus,
                         const char *what)
{
    struct verify_options options = {.level = level,
                                     .corner = "tt",
                                     .samples = samples,
                                     .jobs = 1,
                                     .icarus = icarus,
                                     .worker = OSCC_BINARY};
    const struct cosim *cosim = cosim_campaign(&f->arena, f->folder, f->model, &options, &f->diags);
    assert_non_null(cosim);
    for (size_t i = 0; i < samples; i++)
        if (cosim->campaign->runs[i].reason)
            return cosim->campaign->runs[i].reason;
    const struct report *report = report_build(&f->arena, f->folder, f->model, NULL, &f->diags);
    assert_non_null(report);
    const struct report_cosim *entry = report_find_cosim(report, level, cosim->campaign->corner);
    assert_non_null(entry);
    printf("  %-40s phase %.4f rad, start %.2f, codes %.2f bins RMS, image %.4f, %zu of %zu pixels "
           "right\n",
           what, entry->comparison.phase_rms_rad, entry->start_rms_bins, entry->code_rms_bins,
           entry->comparison.image_rms, entry->pixels_equal, samples);
    assert_int_equal(cosim->replay_count, icarus);
    assert_int_equal(!*entry->failures, entry->meets);
    return entry->failures;
}

static void expect(const char *said, const char *what)
{
    if (!strstr(said, what))
        fail_msg("no \"%s\" in \"%s\"", what, said);
}

static void test_cell(void **state)
{
    struct fixture *f = *state;
    assert_string_equal(judge(f, MODEL_LEVEL_CELL, 3, true, "as it is"), "");
}

static void test_device(void **state)
{
    assert_string_equal(judge(*state, MODEL_LEVEL_DEVICE, 1, false, "in transistors"), "");
}

/* The first frame that writes a region, with a bit of a byte of its data changed and its CRC made
 * right. */
static void change_frame(struct fixture *f, const struct file *boot, enum control_region region,
                         size_t byte, uint8_t mask)
{
    const char *head = arena_printf(&f->arena, "\n02%02x", region),
               *line = strstr(boot->text, head);
    assert_non_null(line++);
    size_t length = strcspn(line, "\n") / 2;
    char *text = arena_strndup(&f->arena, boot->text, boot->length);
    char *at = text + (line - boot->text);
    uint8_t bytes[CONTROL_WRITE_FRAME];
    for (size_t k = 0; k < length; k++) {
        const char pair[] = {at[2 * k], at[2 * k + 1], '\0'};
        bytes[k] = (uint8_t)strtoul(pair, NULL, 16);
    }
    bytes[5 + byte] ^= mask;
    control_put(bytes + length - 2, control_crc16(bytes, length - 2), 2);
    for (size_t k = 0; k < length; k++) {
        char pair[3];
        snprintf(pair, sizeof pair, "%02x", bytes[k]);
        memcpy(at + 2 * k, pair, 2);
    }
    assert_int_equal(fs_write(boot->path, text, boot->length), 0);
}

static void test_boot_image(void **state)
{
    struct fixture *f = *state;
    struct file boot = fixture_read(f, "verilog/boot.hex");
    /* a drive of class 0 changes its sign: byte 0, bit 4 */
    change_frame(f, &boot, CONTROL_CLASS, 0, 0x10);
    const char *said = judge(f, MODEL_LEVEL_CELL, 1, false, "a drive's sign in the boot image");
    expect(said, "phase_rms_rad is");
    expect(said, "the register HASH is");
    expect(said, "1 words of the chains are not those of weights.hex");
    /* a weight of the decoder */
    change_frame(f, &boot, CONTROL_WEIGHTS, 1, 0x40);
    said = judge(f, MODEL_LEVEL_CELL, 1, false, "a decoder's weight in the boot image");
    expect(said, "the register HASH is");
    expect(said, "pixels are not what the decoder makes");
    fixture_put_back(&boot);
}

static void test_pixel_table(void **state)
{
    struct fixture *f = *state;
    struct file table = fixture_read(f, "verilog/pixel.hex");
    char *dark = arena_strndup(&f->arena, table.text, table.length);
    for (char *at = dark; (at = strpbrk(at, "0123456789abcdef")); at += 2)
        at[0] = at[1] = '0';
    assert_int_equal(fs_write(table.path, dark, table.length), 0);
    expect(judge(f, MODEL_LEVEL_CELL, 1, false, "a pixel table of zeros"), "image_rms is");
    fixture_put_back(&table);
}

static void test_wires(void **state)
{
    struct fixture *f = *state;
    struct file control = fixture_read(f, "verilog/control.v");
    fixture_replace(f, &control, ".q(q), .h(h)", ".q({q[N+M-1:1], 1'b0}), .h(h)");
    expect(judge(f, MODEL_LEVEL_CELL, 1, false, "a captured phase stuck"),
           "sample 0: the register ERRORS is 00000100");
    fixture_replace(f, &control, ".q(q), .h(h)", ".q({1'b0, q[N+M-2:0]}), .h(h)");
    expect(judge(f, MODEL_LEVEL_CELL, 1, false, "the tone stuck"), "en does not rise");
    fixture_put_back(&control);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cell),       cmocka_unit_test(test_device),
        cmocka_unit_test(test_boot_image), cmocka_unit_test(test_pixel_table),
        cmocka_unit_test(test_wires),
    };
    return cmocka_run_group_tests(tests, set_up, fixture_tear_down);
}
