/* SPDX-License-Identifier: Apache-2.0
 *
 * Images of the chip's own decoder beside the model's, and that a wrong chip is seen.
 */
#include "tests/unit/testing.h"

#include <math.h>

#include "compiler/map/chip.h"
#include "compiler/map/passes.h"
#include "compiler/sample/sample.h"
#include "netlist/control_decoder.h"
#include "spice/compare_fixed.h"

enum { RUNS = 12 };

/* A campaign on digits whose circuit does what the model does, and the decoder of the chip. */
struct fixture {
    const struct model *model;
    struct control_decoder decoder;
    struct campaign campaign;
    struct campaign_run runs[RUNS];
};

static void make(struct scratch *s, struct fixture *f)
{
    f->model = model_load(&s->arena, OSCC_EXAMPLES "/digits/model.yaml", &s->diags);
    assert_non_null(f->model);
    struct chip *chip = ARENA_NEW(&s->arena, struct chip);
    *chip = (struct chip){.model = f->model,
                          .n = f->model->n,
                          .m = f->model->m,
                          .classes = f->model->classes,
                          .phase_bits = 6,
                          .control.phases.bits = 6,
                          .seed = 5};
    pass_decoder(&s->arena, chip, &s->diags);
    f->decoder = chip->control.decoder;
    size_t all = (size_t)(f->model->n + f->model->m);
    double *initial = ARENA_ARRAY(&s->arena, double, RUNS *all);
    double *final = ARENA_ARRAY(&s->arena, double, RUNS *all);
    int classes[RUNS];
    for (size_t r = 0; r < RUNS; r++) {
        classes[r] = (int)r % f->model->classes;
        sample_initial_phases(f->model, 1, r, 6, initial + r * all);
        f->runs[r] = (struct campaign_run){.sample = r,
                                           .class_index = classes[r],
                                           .verdict = "good",
                                           .circuit = final + r * all,
                                           .ode = final + r * all,
                                           .model = final + r * all};
    }
    assert_true(sample_phases(f->model, SAMPLE_MODEL, RUNS, initial, classes, 1, final));
    f->campaign = (struct campaign){
        .n = f->model->n, .m = f->model->m, .readout_bits = 6, .count = RUNS, .runs = f->runs};
}

static void test_figures(void **state)
{
    struct scratch *s = *state;
    struct fixture f;
    make(s, &f);
    struct fixed_comparison c = compare_fixed(&s->arena, f.model, &f.campaign, &f.decoder);
    assert_true(c.present);
    print_message("digits: image %.5f, integers alone %.5f, class %zu of %d\n", c.image_rms,
                  c.decoder_rms, c.right, RUNS);
    assert_true(c.decoder_rms > 0.001 && c.decoder_rms < 0.007);
    assert_true(c.image_rms > c.decoder_rms); /* the codes' share comes on top */
    assert_true(c.image_rms < 0.02);
    assert_true(c.right >= RUNS - 1);
    /* runs that failed do not count, and where none is left there are no figures */
    f.runs[3].circuit = NULL;
    assert_true(compare_fixed(&s->arena, f.model, &f.campaign, &f.decoder).present);
    for (size_t r = 0; r < RUNS; r++)
        f.runs[r].circuit = NULL;
    assert_false(compare_fixed(&s->arena, f.model, &f.campaign, &f.decoder).present);
    assert_false(compare_fixed(&s->arena, f.model, &f.campaign, NULL).present);
}

/* What differs from the model must show: weights that are swapped, phases that are turned. */
static void test_wrong(void **state)
{
    struct scratch *s = *state;
    struct fixture f;
    make(s, &f);
    const struct control_layer *right = f.decoder.layers;
    struct control_layer layer = *right;
    size_t weights = (size_t)(layer.inputs * layer.outputs);
    int8_t *weight = ARENA_ARRAY(&s->arena, int8_t, weights);
    for (size_t i = 0; i < weights; i++) /* sines and cosines change places */
        weight[i] = right->weight[i / 128 * 128 + (i + 64) % 128];
    layer.weight = weight;
    f.decoder.layers = &layer;
    struct fixed_comparison c = compare_fixed(&s->arena, f.model, &f.campaign, &f.decoder);
    assert_true(c.image_rms > 0.1 && c.decoder_rms > 0.1);
    f.decoder.layers = right;
    for (size_t r = 0; r < RUNS; r++) {
        double *turned = ARENA_ARRAY(&s->arena, double, 65);
        for (size_t i = 0; i < 65; i++)
            turned[i] = f.runs[r].model[i] + (i % 2 ? 0.3 : 0);
        f.runs[r].circuit = turned;
    }
    c = compare_fixed(&s->arena, f.model, &f.campaign, &f.decoder);
    assert_true(c.image_rms > 0.05 && c.decoder_rms < 0.007);
}

/* The image is that of the codes. */
static void test_image(void **state)
{
    struct scratch *s = *state;
    struct fixture f;
    make(s, &f);
    double phases[65], image[64];
    uint16_t code[64];
    uint8_t pixel[64];
    phases[64] = 1.5;
    for (size_t i = 0; i < 64; i++) {
        code[i] = (uint16_t)(i * 7 % 64);
        phases[i] = 1.5 + 2 * acos(-1) * ((double)code[i] + (i % 2 ? 0.4 : -0.4)) / 64;
    }
    control_decode(&f.decoder, code, pixel);
    compare_fixed_image(&s->arena, f.model, &f.decoder, phases, image);
    for (size_t p = 0; p < 64; p++)
        assert_true(image[p] == pixel[p] / 255.0);
}

static void test_contradiction(void **state)
{
    struct scratch *s = *state;
    struct fixture f;
    make(s, &f);
    assert_int_equal(fs_make_folders(fs_join(&s->arena, s->folder, "verilog")), 0);
    for (int i = 0; i < DECODER_IMAGES; i++) {
        struct str image = {0};
        netlist_write_decoder_image(&s->arena, &f.decoder, (enum netlist_decoder_image)i, &image);
        scratch_write(s, netlist_decoder_file[i], image.text, image.length);
        str_free(&image);
    }
    json_t *root = json_pack("{s:i, s:{s:i, s:o}}", "oscillators", 64, "control", "bits", 6,
                             "decoder", netlist_decoder_json(&f.decoder));
    char *text = json_dumps(root, 0);
    scratch_write(s, "chip.json", text, strlen(text));
    free(text);
    json_decref(root);
    const struct control_decoder *d =
        compare_read_decoder(&s->arena, s->folder, f.model, &s->diags);
    expect_no_diags(&s->diags);
    assert_int_equal(d->layer_count, 1);
    struct model other = *f.model;
    other.height = 4;
    assert_null(compare_read_decoder(&s->arena, s->folder, &other, &s->diags));
    expect_diag(&s->diags, DIAG_CHIP_DAMAGED, 0, 0,
                "chip.json and resolved.yaml disagree: the chip's decoder makes 64 pixels of 64 "
                "phases, the model's 32 of 64",
                "compile");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_figures, scratch_setup, scratch_teardown),
        cmocka_unit_test_setup_teardown(test_wrong, scratch_setup, scratch_teardown),
        cmocka_unit_test_setup_teardown(test_image, scratch_setup, scratch_teardown),
        cmocka_unit_test_setup_teardown(test_contradiction, scratch_setup, scratch_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
