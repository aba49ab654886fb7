/* SPDX-License-Identifier: Apache-2.0
 *
 * Words from what stands in the chains: a chip's own come back, any bit that is wrong is a wrong
 * word, and the other banks stay as they are.
 */
#include "tests/unit/testing.h"

#include "netlist/chip_folder.h"
#include "pdk/pdk.h"
#include "spice/chain_words.h"

static const char *const hand =
    "oscc: 1\nname: hand\noscillators: 3\nconditioning: 2\nclasses: 2\n"
    "dynamics:\n  weights:\n    K: [[0, 0.75, 0], [-1.5, 0, 0.5], [0, 0, 0]]\n"
    "    omega: [0.05, -0.1, 0.025]\n    K_cond: [[0, 0.3], [-0.6, 0]]\n"
    "    K_drive: [[[1, 0], [0, 0], [2, -1]], [[-3, 0], [0, 1], [0, 0]]]\n";

static struct under_test *read_chip(struct scratch *s)
{
    const char *folder = fs_join(&s->arena, s->folder, "chip");
    struct model *model =
        model_load(&s->arena, scratch_write(s, "model.yaml", hand, strlen(hand)), &s->diags);
    assert_non_null(model);
    struct chip *chip = map_model(&s->arena, model, pdk_find("sky130A"), NULL, NULL, &s->diags);
    assert_non_null(chip);
    assert_true(netlist_write_chip(&s->arena, chip, folder, "test", &s->diags));
    struct under_test *read = under_test_read(&s->arena, folder, &s->diags);
    assert_non_null(read);
    return read;
}

static size_t put(bool *bit, size_t at, unsigned value, int bits)
{
    for (int b = 0; b < bits; b++)
        bit[at + (size_t)b] = value >> (bits - 1 - b) & 1;
    return at + (size_t)bits;
}

static size_t put_coupler(bool *bit, size_t at, int code)
{
    at = put(bit, at, code < 0, 1);
    return put(bit, at, (unsigned)abs(code), 4);
}

static void test_words(void **state)
{
    struct scratch *s = *state;
    const struct under_test *chip = read_chip(s);
    const struct under_test_corner *corner = &chip->corners[0];
    size_t count = chain_words_links(chip), banks = chain_words_class_links(chip), at = 0;
    assert_int_equal(count, 5 * 8 + (chip->coupling.count + 2) * 5);
    assert_int_equal(banks, 6 * 5);
    bool *links = ARENA_ARRAY(&s->arena, bool, count),
         *class_links = ARENA_ARRAY(&s->arena, bool, banks);
    for (size_t k = 0; k < chip->trim.count; k++) {
        int code = chip->word[chip->trim.base + k];
        if (corner->trim_code)
            code = corner->trim_code[code + corner->trim_full];
        at = put(links, at, (unsigned)(code + 128), 8);
    }
    for (size_t k = 0; k < chip->coupling.count; k++)
        at = put_coupler(links, at, chip->word[chip->coupling.base + k]);
    for (size_t k = 0; k < chip->cond.count; k++)
        at = put_coupler(links, at, chip->word[chip->cond.base + k]);
    assert_int_equal(at, count);
    at = 0;
    for (size_t k = 0; k < 6; k++)
        at = put_coupler(class_links, at, chip->word[chip->drive.base + 6 + k]);

    const char *fault;
    const struct under_test *read =
        chain_words_read(&s->arena, chip, corner, links, class_links, 1, &fault);
    assert_non_null(read);
    assert_memory_equal(read->word, chip->word, chip->words * sizeof *chip->word);
    /* every bit counts */
    for (size_t k = 0; k < count; k++) {
        links[k] = !links[k];
        read = chain_words_read(&s->arena, chip, corner, links, class_links, 1, &fault);
        bool negative_zero =
            read && !memcmp(read->word, chip->word, chip->words * sizeof *read->word);
        /* the sign of a code 0 is the one bit that changes nothing */
        if (negative_zero)
            assert_true(k >= 40 && k % 5 == 0 &&
                        chip->word[chip->coupling.base + (k - 40) / 5] == 0);
        links[k] = !links[k];
    }
    class_links[0] = !class_links[0];
    read = chain_words_read(&s->arena, chip, corner, links, class_links, 1, &fault);
    assert_int_equal(read->word[chip->drive.base + 6], -chip->word[chip->drive.base + 6]);
    assert_int_equal(read->word[chip->drive.base], chip->word[chip->drive.base]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_words, scratch_setup, scratch_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
