/* SPDX-License-Identifier: Apache-2.0
 *
 * Slicing of model cards on small libraries made here: expressions, scopes, bins, files and
 * sections, names, and the cache. Against real PDKs: tests/circuit/test_cards.c.
 */
#include "tests/unit/testing.h"

#include <math.h>

#include "pdk/pdk.h"
#include "spice/cards.h"

/* --- expressions ------------------------------------------------------------------------------ */

static struct card_value evaluate(struct scratch *scratch, const char *params, const char *text)
{
    struct card_scope *scope = ARENA_NEW(&scratch->arena, struct card_scope);
    struct card_assignment a;
    while (card_next_assignment(&params, &a)) {
        struct card_param *param =
            card_table_set(&scratch->arena, &scope->params, a.name, a.name_length);
        param->text = a.value;
        param->length = a.value_length;
        param->scope = scope;
    }
    struct card_context context = {
        .arena = &scratch->arena, .diags = &scratch->diags, .what = "test"};
    return card_evaluate(&context, scope, text, strlen(text));
}

static void test_numbers(void **state)
{
    struct scratch *scratch = *state;
    static const struct {
        const char *text;
        double value;
    } cases[] = {
        {"1+2*3", 7},
        {"-2**2", -4},
        {"2**3**2", 64}, /* from left to right, as numparam does it */
        {"2^-1", 0.5},
        {"3*-2", -6},
        {"7-4-2", 1},
        {"12/3/2", 2},
        {"0.35u", 0.35 * 1e-6},
        {"2meg + 1k", 2001000},
        {"3m", 3e-3},
        {"10um", 10 * 1e-6},
        {"1e-3*2", 2e-3},
        {"{1.5} + 'x' * 2", 5.5},
        {"{\"-x/2\"}", -1},
        {"max(floor(0.5+(w-0.33)/0.36),1)", 1},
        {"min(x, 3)*abs(-4)", 8},
        {"sqrt(16)+ln(1)+log(1)+exp(0)", 5},
        {"(w>5u||l>5u)*3+(w<=5u&&l<=5u)*7", 7},
        {"x==2 ? 10 : 20", 10},
        {"x!=2 ? 10 : x>1 ? 30 : 40", 30},
        {"!0 + !5", 1},
        {"pow(2,3)+pwr(-2,2)+sgn(-9)+int(2.7)+nint(2.5)", 8 + 4 - 1 + 2 + 2},
        {"y", 20},
        {"0*agauss(0,1,1)+1", 1},
        {"0*unknown_is_still_unknown", NAN},
        {"1+", NAN},
        {"1 2", NAN},
        {"(1", NAN},
        {"sqrt(1,2)", NAN},
        {"nosuch(1)", NAN},
        {"loop", NAN},
        {"(-2)**0.5", NAN},
        {"\\", NAN},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        scratch_reset(scratch);
        struct card_value value =
            evaluate(scratch, "x=2 y = {x*10} w=0.5u l='1e-6' loop='loop+1'", cases[i].text);
        if (isnan(cases[i].value)) {
            if (scratch->diags.errors != 1)
                fail_msg("\"%s\" gave %g and no error", cases[i].text, value.number);
            continue;
        }
        expect_no_diags(&scratch->diags);
        assert_null(value.text);
        assert_false(value.random);
        if (value.number != cases[i].value)
            fail_msg("\"%s\" is %.17g, not %.17g", cases[i].text, value.number, cases[i].value);
    }
}

static void test_what_stays(void **state)
{
    struct scratch *scratch = *state;
    static const struct {
        const char *text, *result;
    } cases[] = {
        {"x*(1+c*abs(v(a,b)))*(2+3)", "((2*(1+(0.25*abs(v(a,b)))))*5)"},
        {"0*v(a)+temper-x", "(temper-2)"},
        {"1*v(a)/1-0", "v(a)"},
        {"v(a)>1?x:-x", "((v(a)>1)?2:(-2))"},
        {"min(v( a ),3)**2", "(min(v(a),3)**2)"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct card_value value = evaluate(scratch, "x=2 c=0.25", cases[i].text);
        expect_no_diags(&scratch->diags);
        assert_non_null(value.text);
        assert_string_equal(value.text, cases[i].result);
    }
    assert_true(evaluate(scratch, "x=2", "x+agauss(0,1,1)").random);
    assert_true(evaluate(scratch, "x=2", "1 ? x : aunif(0,1)").random == false);
}

static void test_where_values_end(void **state)
{
    (void)state;
    static const char line[] = "a = 1 b={2*(3+c)} c=-4.5e-3 d = x + y *2 e='1 + 2' f={1} + g*h(1,2)"
                               " g = l>5u||w>5u h=(1+2)*3";
    static const char *const expected[][2] = {
        {"a", "1"},       {"b", "{2*(3+c)}"},      {"c", "-4.5e-3"},    {"d", "x + y *2"},
        {"e", "'1 + 2'"}, {"f", "{1} + g*h(1,2)"}, {"g", "l>5u||w>5u"}, {"h", "(1+2)*3"}};
    const char *at = line;
    struct card_assignment a;
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++) {
        assert_true(card_next_assignment(&at, &a));
        assert_int_equal(a.name_length, strlen(expected[i][0]));
        assert_memory_equal(a.name, expected[i][0], a.name_length);
        assert_int_equal(a.value_length, strlen(expected[i][1]));
        assert_memory_equal(a.value, expected[i][1], a.value_length);
    }
    assert_false(card_next_assignment(&at, &a));
}

/* --- libraries -------------------------------------------------------------------------------- */

static const char main_file[] = "* title\n"
                                ".lib tt\n"
                                ".param corner = 1 ; nominal\n"
                                ".include \"devices.spice\"\n"
                                ".lib 'main.spice' shared\n"
                                ".endl tt\n"
                                ".LIB ff\n"
                                ".param corner=2\n"
                                ".include devices.spice\n"
                                ".lib \"main.spice\" shared\n"
                                ".endl\n"
                                ".lib shared\n"
                                ".param twice=1 dvt = {0.01*corner} twice={corner*8}\n"
                                ".endl\n";

static const char device_file[] =
    ".option scale=1.0u\n"
    ".subckt Fet d g s b mult=1\n"
    "+\n"
    ".param l = 1 w = 1\n"
    "* a comment between\n"
    "+ nrd = {0.14/w} $ another\n"
    "Mfet d g s b fet__model l={l} w = {w} ad={w*l} nrd='nrd' delvto = {dvt+0*agauss(0,1,1)}\n"
    ".model fet__model.0 nmos level=54 lmin=1e-7 lmax=1e-6 wmin=1e-7 wmax=1e-6\n"
    "+ vth0={0.5+corner*0.1} u0 = 0.030 tox = {twice*1n}\n"
    ".model fet__model.1 nmos level=54 lmin=1e-7 lmax=1e-6 wmin=1e-6 wmax=2e-6 vth0=0.25\n"
    "+ rbodymod = 1.0\n"
    ".ends Fet\n"
    ".subckt poly r0 r1 sub w=1 l=1\n"
    "rb r0 mid pb r={1000*l/w*(1+0.01*abs(v(r0,mid)))}\n"
    "xe mid r1 sub end w={w} l=2 m=0.5\n"
    ".model pb r tc1={-1e-3*corner}\n"
    ".ends\n"
    ".subckt end a b sub w=1 l=1\n"
    "r1 a in 100\n"
    "r2 in b r={l*w}\n"
    "c1 in sub c={w*l*1e-15}\n"
    ".ends\n"
    ".subckt leaky a b w=1 l=1\n"
    "d1 a b dmod\n"
    ".ends\n"
    ".subckt noisy a b w=1 l=1\n"
    "r1 a b r={w*(1+agauss(0,0.1,1))}\n"
    ".ends\n";

static void write_library(struct scratch *scratch, struct cards_library *library,
                          const char *section)
{
    *library = (struct cards_library){.title = "test tt", .source_count = 1};
    library->sources[0].path = scratch_write(scratch, "main.spice", main_file, strlen(main_file));
    library->sources[0].section = section;
    scratch_write(scratch, "devices.spice", device_file, strlen(device_file));
}

/* The file without its head. */
static const char *body_of(const char *text)
{
    for (int i = 0; i < 3; i++)
        text = strchr(text, '\n') + 1;
    return text;
}

static void test_library(void **state)
{
    struct scratch *scratch = *state;
    struct cards_library library;
    struct cards cards;
    static const struct card_request requests[] = {
        {"poly", 0.5, 4}, {"fet", 0.5, 0.15}, {"FET", 1, 0.15}, {"fet", 0.5, 0.15}};
    write_library(scratch, &library, "ff");
    assert_true(cards_slice(&scratch->arena, &library, requests, 4, NULL, &cards, &scratch->diags));
    assert_string_equal(body_of(cards.text),
                        ".model fet_card1 nmos level=54 vth0=0.7 u0=0.030 tox=1.6e-08\n"
                        ".model fet_card2 nmos level=54 vth0=0.25 rbodymod=1.0\n"
                        ".model poly_card3 r tc1=-0.002\n"
                        ".subckt fet_w0p5_l0p15 d g s b\n"
                        "m1 d g s b fet_card1 l=1.5e-07 w=5e-07 ad=7.5e-14 nrd=0.28 delvto=0.02\n"
                        ".ends\n"
                        ".subckt fet_w1_l0p15 d g s b\n"
                        "m1 d g s b fet_card2 l=1.5e-07 w=1e-06 ad=1.5e-13 nrd=0.14 delvto=0.02\n"
                        ".ends\n"
                        ".subckt poly_w0p5_l4 r0 r1 sub\n"
                        "r1 r0 mid poly_card3 r={(8000*(1+(0.01*abs(v(r0,mid)))))}\n"
                        "r2 mid xe_in 100 m=0.5\n"
                        "r3 xe_in r1 r=1 m=0.5\n"
                        "c4 xe_in sub c=1e-15 m=0.5\n"
                        ".ends\n");
    assert_string_equal(cards.list[0].name, "poly_w0p5_l4");
    assert_int_equal(cards.list[0].elements, 4);
    assert_null(cards.list[0].direct);
    assert_string_equal(cards.list[2].name, "fet_w1_l0p15");
    assert_int_equal(cards.list[1].elements, 1);
    assert_string_equal(cards.list[1].direct,
                        "fet_card1 l=1.5e-07 w=5e-07 ad=7.5e-14 nrd=0.28 delvto=0.02");
    assert_true(!cards.list[1].body_network && cards.list[2].body_network);
    assert_string_equal(cards.list[3].direct, cards.list[1].direct);
    assert_true(cards.list[1].delvto_v == 0.02 && cards.list[1].mulu0 == 1);
    assert_true(cards.list[0].delvto_v == 0 && cards.list[0].mulu0 == 1);

    /* another order, the same bytes */
    static const struct card_request turned[] = {
        {"fet", 1, 0.15}, {"poly", 0.5, 4}, {"fet", 0.5, 0.15}};
    struct cards again;
    assert_true(cards_slice(&scratch->arena, &library, turned, 3, NULL, &again, &scratch->diags));
    assert_string_equal(again.text, cards.text);
    assert_string_equal(again.key, cards.key);
    /* another section, other cards */
    library.sources[0].section = "tt";
    assert_true(cards_slice(&scratch->arena, &library, turned, 3, NULL, &again, &scratch->diags));
    assert_non_null(strstr(again.text, "vth0=0.6 "));
}

static void test_faults(void **state)
{
    struct scratch *scratch = *state;
    static const struct {
        struct card_request request;
        const char *message;
    } cases[] = {
        {{"fet", 3, 0.15}, "fet_w3_l0p15: no model card \"fet__model\" is for this size"},
        {{"nosuch", 1, 1}, "nosuch_w1_l1: the library has no subcircuit \"nosuch\""},
        {{"leaky", 1, 1}, "leaky_w1_l1: oscc cannot slice a device with \"d1 a b dmod\""},
        {{"noisy", 1, 1},
         "noisy_w1_l1: \"{w*(1+agauss(0,0.1,1))}\" draws a random number; choose a corner without "
         "mismatch"},
        {{"fet", 0, 1}, "fet_l1: its w must be given"},
    };
    struct cards_library library;
    struct cards cards;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        write_library(scratch, &library, "tt");
        assert_false(cards_slice(&scratch->arena, &library, &cases[i].request, 1, NULL, &cards,
                                 &scratch->diags));
        expect_diag(&scratch->diags, DIAG_TOOL, 0, 0, cases[i].message, NULL);
        assert_int_equal(scratch->diags.errors, 1);
        scratch_reset(scratch);
    }
    static const struct {
        const char *text;
        enum diag_code code;
        const char *message;
    } files[] = {
        {".include nosuch.spice\n", DIAG_IO, "/nosuch.spice: No such file or directory"},
        {".include bad.spice\n", DIAG_TOOL,
         "/bad.spice: model files include each other without an end"},
        {".if (1)\n.endif\n", DIAG_TOOL, "/bad.spice: oscc does not read \".if\" in model files"},
    };
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        library = (struct cards_library){.title = "bad", .source_count = 1};
        library.sources[0].path =
            scratch_write(scratch, "bad.spice", files[i].text, strlen(files[i].text));
        assert_false(cards_slice(&scratch->arena, &library, &cases[0].request, 1, NULL, &cards,
                                 &scratch->diags));
        const char *message =
            arena_printf(&scratch->arena, "%s%s", scratch->folder, files[i].message);
        expect_diag(&scratch->diags, files[i].code, 0, 0, message, NULL);
        scratch_reset(scratch);
    }
}

/* --- the cache -------------------------------------------------------------------------------- */

static struct cards slice(struct scratch *scratch, const struct cards_library *library,
                          enum cards_origin origin)
{
    static const struct card_request request = {"fet", 0.5, 0.15};
    struct cards cards;
    bool good =
        cards_slice(&scratch->arena, library, &request, 1,
                    fs_join(&scratch->arena, scratch->folder, "cache"), &cards, &scratch->diags);
    expect_no_diags(&scratch->diags);
    assert_true(good);
    assert_int_equal(cards.origin, origin);
    assert_non_null(cards.list[0].direct);
    return cards;
}

static void test_cache(void **state)
{
    struct scratch *scratch = *state;
    struct cards_library library;
    write_library(scratch, &library, "tt");
    struct cards first = slice(scratch, &library, CARDS_SLICED);
    struct cards second = slice(scratch, &library, CARDS_CACHED);
    assert_string_equal(first.text, second.text);
    assert_string_equal(first.list[0].direct, second.list[0].direct);
    assert_non_null(strstr(first.text, first.key));

    /* one character of the library: u0 = 0.030 becomes 0.031 */
    char *changed = arena_strdup(&scratch->arena, device_file);
    strstr(changed, "0.030")[4] = '1';
    scratch_write(scratch, "devices.spice", changed, strlen(changed));
    struct cards third = slice(scratch, &library, CARDS_SLICED);
    assert_string_not_equal(third.key, first.key);
    assert_non_null(strstr(third.text, "u0=0.031"));
    /* even one that changes no card */
    strstr(changed, "another")[0] = 'A';
    scratch_write(scratch, "devices.spice", changed, strlen(changed));
    struct cards fourth = slice(scratch, &library, CARDS_SLICED);
    assert_string_not_equal(fourth.key, third.key);
    assert_string_equal(body_of(fourth.text), body_of(third.text));
    /* back again: the first one still holds */
    scratch_write(scratch, "devices.spice", device_file, strlen(device_file));
    slice(scratch, &library, CARDS_CACHED);
}

/* Any byte of a cached file that is not as it was written. */
static void test_tampering(void **state)
{
    struct scratch *scratch = *state;
    struct cards_library library;
    write_library(scratch, &library, "tt");
    struct cards first = slice(scratch, &library, CARDS_SLICED);
    char *path =
        arena_printf(&scratch->arena, "%s/cache/cards-%s.spice", scratch->folder, first.key);
    assert_true(fs_exists(path));
    for (size_t at = 0; at < first.length; at++) {
        char *text = arena_strndup(&scratch->arena, first.text, first.length);
        text[at] = (char)(text[at] ^ 1);
        assert_int_equal(fs_write(path, text, first.length), 0);
        struct cards repaired = slice(scratch, &library, CARDS_REPAIRED);
        assert_string_equal(repaired.text, first.text);
    }
    assert_int_equal(fs_write(path, first.text, first.length / 2), 0);
    slice(scratch, &library, CARDS_REPAIRED);
    assert_int_equal(fs_write(path, "", 0), 0);
    slice(scratch, &library, CARDS_REPAIRED);
    slice(scratch, &library, CARDS_CACHED);
}

/* Every set has a name that can stand in file names and reports, and is found where its files are.
 */
static void test_sets(void **state)
{
    struct scratch *s = *state;
    for (const struct pdk *const *pdk = pdk_all; *pdk; pdk++)
        for (const char *const *set = cards_sets(&s->arena, (*pdk)->name); *set; set++)
            assert_true(**set && !(*set)[strspn(*set, "abcdefghijklmnopqrstuvwxyz0123456789_")]);
    const char *const *sets = cards_sets(&s->arena, "sky130A");
    assert_string_equal(sets[0], "discrete");
    assert_string_equal(sets[1], "continuous");
    assert_null(sets[2]);
    assert_null(cards_sets(&s->arena, "nosuch")[0]);

    const char *const folders[] = {"sky130A/libs.tech/ngspice", "gf180mcuD/libs.tech/ngspice"};
    for (size_t i = 0; i < 2; i++)
        assert_int_equal(fs_make_folders(fs_join(&s->arena, s->folder, folders[i])), 0);
    assert_false(cards_set_found(&s->arena, s->folder, "sky130A", "discrete"));
    scratch_write(s, "sky130A/libs.tech/ngspice/sky130.lib.spice", "*", 1);
    scratch_write(s, "gf180mcuD/libs.tech/ngspice/sm141064.ngspice", "*", 1);
    assert_true(cards_set_found(&s->arena, s->folder, "sky130A", "discrete"));
    assert_false(cards_set_found(&s->arena, s->folder, "sky130A", "continuous"));
    assert_false(cards_set_found(&s->arena, s->folder, "sky130A", "nosuch"));
    assert_false(cards_set_found(&s->arena, s->folder, "gf180mcuD", "sm141064")); /* one of two */

    struct cards_library library;
    assert_true(cards_library(&s->arena, "/", "sky130A", NULL, "ss", &library, &s->diags));
    assert_string_equal(library.set, "discrete");
    assert_true(cards_library(&s->arena, "/", "sky130A", "continuous", "ss", &library, &s->diags));
    assert_string_equal(library.set, "continuous");
    assert_true(cards_set_known(&s->arena, "sky130A", "continuous", &s->diags));
    expect_no_diags(&s->diags);
    assert_false(cards_library(&s->arena, "/", "sky130A", "binned", "ss", &library, &s->diags));
    expect_diag(&s->diags, DIAG_UNKNOWN_PDK, 0, 0, "sky130A has no models called 'binned'",
                "it has: discrete, continuous");
    assert_int_equal(diag_exit_status(&s->diags), 2);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, scratch_setup, scratch_teardown)
    const struct CMUnitTest tests[] = {
        TEST(test_numbers), TEST(test_what_stays), TEST(test_where_values_end), TEST(test_library),
        TEST(test_faults),  TEST(test_cache),      TEST(test_tampering),        TEST(test_sets),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
