/* SPDX-License-Identifier: Apache-2.0
 *
 * Random initial phases: the generator's known answers, the layout of its counter, and the bins.
 */
#include "tests/unit/test_sample_model.h"

#include "compiler/sample/rng.h"

/* The known answers for philox4x32, 10 rounds, that Random123 is distributed with (kat_vectors):
 * all zeros, all ones, and the digits of pi. */
static void known_answers(void **state)
{
    (void)state;
    static const struct {
        uint32_t counter[4], key[2], words[4];
    } known[] = {
        {{0, 0, 0, 0}, {0, 0}, {0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}},
        {{0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff},
         {0xffffffff, 0xffffffff},
         {0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}},
        {{0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344},
         {0xa4093822, 0x299f31d0},
         {0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}},
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        uint32_t words[4];
        sample_philox(known[i].counter, known[i].key, words);
        assert_memory_equal(words, known[i].words, sizeof words);
    }
}

static void words_of_a_sample(void **state)
{
    (void)state;
    const uint64_t seed = 0x1122334455667788, sample = 0x99aabbccddeeff00;
    for (uint32_t word = 0; word < 64; word++) {
        const uint32_t counter[4] = {word / 4, 0, 0xddeeff00, 0x99aabbcc};
        const uint32_t key[2] = {0x55667788, 0x11223344};
        uint32_t words[4];
        sample_philox(counter, key, words);
        assert_int_equal(sample_phase_word(seed, sample, word), words[word % 4]);
    }
    assert_int_equal(sample_phase_word(0, 0, 2), 0xbc57ac4c);
}

static void check_bin(uint32_t word, int bits, double turns)
{
    double got = sample_phase_of_word(word, bits);
    assert_true(fabs(got - 2 * M_PI * turns) < 1e-14);
}

static void bins(void **state)
{
    (void)state;
    check_bin(0, 1, -0.25);
    check_bin(0x7fffffff, 1, -0.25);
    check_bin(0x80000000, 1, 0.25);
    check_bin(0xffffffff, 1, 0.25);
    check_bin(0, 6, -0.5 + 0.5 / 64);
    check_bin(0x03ffffff, 6, -0.5 + 0.5 / 64);
    check_bin(0x04000000, 6, -0.5 + 1.5 / 64);
    check_bin(0xffffffff, 6, 0.5 - 0.5 / 64);
    check_bin(0, 32, -0.5 + 0.5 / 4294967296.0);
    check_bin(0x80000000, 32, 0.5 / 4294967296.0);
    check_bin(0xffffffff, 32, 0.5 - 0.5 / 4294967296.0);
    assert_true(sample_phase_of_word(0, 32) > -M_PI);
    assert_true(sample_phase_of_word(0xffffffff, 32) < M_PI);
    /* a word of 32 bits and its own bin of 6 are less than half a bin apart */
    for (uint32_t i = 0; i < 100; i++) {
        uint32_t word = sample_phase_word(3, 4, i);
        double apart = sample_phase_of_word(word, 6) - sample_phase_of_word(word, 32);
        assert_true(fabs(apart) < M_PI / 64);
    }
}

static void initial_phases(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct model *model = test_still_model(&arena, 5, 2, 1);
    double drawn[8], coarse[8];
    drawn[7] = 99;
    sample_initial_phases(model, 1, 2, 32, drawn);
    for (uint32_t i = 0; i < 5; i++)
        assert_true(drawn[i] == sample_phase_of_word(sample_phase_word(1, 2, i), 32));
    assert_true(drawn[5] == 0 && drawn[6] == 0 && drawn[7] == 99);
    model->conditioning_random = true;
    sample_initial_phases(model, 1, 2, 6, coarse);
    for (uint32_t i = 0; i < 7; i++)
        assert_true(coarse[i] == sample_phase_of_word(sample_phase_word(1, 2, i), 6));
    arena_free(&arena);
}

/* Mean 0 and variance pi^2 / 3 within four standard errors, and no two samples alike. */
static void uniform(void **state)
{
    (void)state;
    enum { COUNT = 100000 };
    double sum = 0, squares = 0, products = 0;
    for (uint32_t i = 0; i < COUNT; i++) {
        double phase = sample_phase_of_word(sample_phase_word(5, i / 100, i % 100), 32) / M_PI;
        double next = sample_phase_of_word(sample_phase_word(5, i / 100 + 1, i % 100), 32) / M_PI;
        sum += phase;
        squares += phase * phase;
        products += phase * next;
    }
    assert_true(fabs(sum / COUNT) < 4 * sqrt(1.0 / 3 / COUNT));
    assert_true(fabs(squares / COUNT - 1.0 / 3) < 4 * sqrt(4.0 / 45 / COUNT));
    assert_true(fabs(products / COUNT) < 4 * (1.0 / 3) / sqrt(COUNT));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_answers), cmocka_unit_test(words_of_a_sample),
        cmocka_unit_test(bins),          cmocka_unit_test(initial_phases),
        cmocka_unit_test(uniform),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
