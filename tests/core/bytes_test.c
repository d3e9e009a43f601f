/* Byte kernels: each level against the plain twin at every small length and alignment, with a page that must not be read
 * right behind the text; the plain twins against the definition. CPU levels and their tables. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "core/cpu.h"
#include "veil.h"

#define ROOM 8192 /* bytes before the forbidden page */

static uint8_t *room; /* ROOM bytes; room[ROOM] faults, and so does room[-1] */

static int make_room(void **state)
{
    (void)state;
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    uint8_t *pages = mmap(NULL, ROOM + 2 * page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (pages == MAP_FAILED) return -1;
    room = pages + page;
    return mprotect(room, ROOM, PROT_READ | PROT_WRITE);
}

static int free_room(void **state)
{
    (void)state;
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    return munmap(room - page, ROOM + 2 * page);
}

static uint64_t seed = 99;

static uint32_t draw(uint32_t below)
{
    seed = seed * 6364136223846793005ull + 1442695040888963407ull;
    return (uint32_t)((seed >> 33) % below);
}

/* ---- find_in_set ---- */

static void each_byte_value_is_told_apart(void **state)
{
    (void)state;
    for (uint32_t level = VEIL_CPU_PLAIN; level <= VEIL_CPU_AVX512; level++) {
        const vl_kernels *kernels = vl_kernels_for(level);
        if (kernels == NULL) continue;
        for (int member = 0; member < 256; member++) {
            vl_byte_set set;
            uint8_t text[70];
            vl_byte_set_clear(&set);
            vl_byte_set_add(&set, (uint8_t)member);
            for (int byte = 0; byte < 256; byte++) {
                memset(text, member ^ 1, sizeof text);
                text[69] = (uint8_t)byte;
                size_t want = byte == member ? 69 : 70;
                assert_int_equal(kernels->find_in_set(text, 70, &set), want);
                assert_int_equal(kernels->find_in_set(text + 69, 1, &set), want - 69);
            }
        }
    }
}

/* Texts end at the forbidden page (over-read faults) or start right behind one. */
static void levels_agree_at_every_length(void **state)
{
    (void)state;
    for (uint32_t level = VEIL_CPU_AVX2; level <= VEIL_CPU_AVX512; level++) {
        const vl_kernels *kernels = vl_kernels_for(level);
        if (kernels == NULL) continue;
        for (size_t n = 0; n <= 700; n++) {
            for (int round = 0; round < 12; round++) {
                vl_byte_set set;
                uint8_t *text = round % 2 ? room : room + ROOM - n;
                vl_byte_set_clear(&set);
                for (uint32_t i = draw(20); i > 0; i--)
                    vl_byte_set_add(&set, (uint8_t)draw(256));
                uint8_t filler = (uint8_t)draw(256);
                memset(text, filler, n);
                for (uint32_t i = n > 0 ? draw(3) : 0; i > 0; i--)
                    text[draw((uint32_t)n)] = (uint8_t)draw(256);
                assert_int_equal(kernels->find_in_set(text, n, &set), vl_kernels_plain.find_in_set(text, n, &set));
                uint64_t marks[2][11];
                bool any = kernels->mark_set(text, n, &set, marks[0]);
                assert_int_equal(any, vl_kernels_plain.mark_set(text, n, &set, marks[1]));
                assert_memory_equal(marks[0], marks[1], (n + 63) / 64 * sizeof marks[0][0]);
            }
        }
    }
}

static void levels_agree_on_runs(void **state)
{
    (void)state;
    static const char bytes[] = "azAZ09/:@[`{ \x80";
    for (uint32_t level = VEIL_CPU_PLAIN; level <= VEIL_CPU_AVX512; level++) {
        const vl_kernels *kernels = vl_kernels_for(level);
        if (kernels == NULL) continue;
        for (size_t n = 0; n <= 300; n++) {
            for (int round = 0; round < 20; round++) {
                uint8_t *text = round % 2 ? room : room + ROOM - n;
                for (size_t i = 0; i < n; i++)
                    text[i] = (uint8_t)bytes[draw(20) != 0 ? draw(6) : draw(sizeof bytes - 1)];
                assert_int_equal(kernels->find_run(text, n), vl_kernels_plain.find_run(text, n));
            }
        }
        memset(room, ' ', 200);
        memset(room + 60, 'a', VL_RUN_LEAST);
        assert_int_equal(kernels->find_run(room, 200), 59 + VL_RUN_LEAST);
        assert_int_equal(kernels->find_run(room, 59 + VL_RUN_LEAST), 59 + VL_RUN_LEAST);
    }
}

/* A single hit at every place of a long text. */
static void a_hit_is_found_wherever_it_is(void **state)
{
    (void)state;
    vl_byte_set set;
    vl_byte_set_clear(&set);
    vl_byte_set_add(&set, '@');
    vl_byte_set_add(&set, 0xE2);
    for (uint32_t level = VEIL_CPU_PLAIN; level <= VEIL_CPU_AVX512; level++) {
        const vl_kernels *kernels = vl_kernels_for(level);
        if (kernels == NULL) continue;
        for (size_t n = 0; n <= 600; n += 1 + n / 16) {
            uint8_t *text = room + ROOM - n;
            memset(text, 'a', n);
            assert_int_equal(kernels->find_in_set(text, n, &set), n);
            for (size_t at = 0; at < n; at++) {
                text[at] = at % 2 ? '@' : 0xE2;
                assert_int_equal(kernels->find_in_set(text, n, &set), at);
                text[at] = 'a';
            }
        }
    }
}

/* ---- utf8_valid_prefix ---- */

static size_t encode(uint32_t code, uint8_t *out)
{
    if (code < 0x80) {
        out[0] = (uint8_t)code;
        return 1;
    }
    if (code < 0x800) {
        out[0] = (uint8_t)(0xC0 | code >> 6);
        out[1] = (uint8_t)(0x80 | (code & 63));
        return 2;
    }
    if (code < 0x10000) {
        out[0] = (uint8_t)(0xE0 | code >> 12);
        out[1] = (uint8_t)(0x80 | (code >> 6 & 63));
        out[2] = (uint8_t)(0x80 | (code & 63));
        return 3;
    }
    out[0] = (uint8_t)(0xF0 | code >> 18);
    out[1] = (uint8_t)(0x80 | (code >> 12 & 63));
    out[2] = (uint8_t)(0x80 | (code >> 6 & 63));
    out[3] = (uint8_t)(0x80 | (code & 63));
    return 4;
}

/* The definition, by encoding: four bytes are a valid sequence when they are the encoding of some scalar value. */
static void every_short_sequence_is_judged_rightly(void **state)
{
    (void)state;
    static uint8_t is_valid[1 << 24]; /* three-byte strings that one scalar encodes, or its prefix with a fourth byte */
    for (uint32_t code = 0x800; code < 0x10000; code++) {
        uint8_t bytes[4];
        if (code >= 0xD800 && code <= 0xDFFF) continue;
        assert_int_equal(encode(code, bytes), 3);
        is_valid[bytes[0] << 16 | bytes[1] << 8 | bytes[2]] = 1;
    }
    for (uint32_t code = 0x10000; code < 0x110000; code += 64) {
        uint8_t bytes[4];
        assert_int_equal(encode(code, bytes), 4);
        is_valid[bytes[0] << 16 | bytes[1] << 8 | bytes[2]] = 2;
    }
    for (uint32_t lead = 0x80; lead < 256; lead++) {
        for (uint32_t rest = 0; rest < 65536; rest++) {
            uint8_t text[4] = {(uint8_t)lead, (uint8_t)(rest >> 8), (uint8_t)rest, 0xBF};
            bool is_two = lead >= 0xC2 && lead <= 0xDF && (text[1] & 0xC0) == 0x80;
            uint32_t kind = is_valid[lead << 16 | rest];
            size_t got = vl_kernels_plain.utf8_valid_prefix(text, 3);
            if (kind == 1) {
                assert_int_equal(got, 3);
            } else if (is_two) {
                assert_int_equal(got, text[2] < 0x80 ? 3 : 2);
            } else {
                assert_int_equal(got, 0);
            }
            if (!is_two) assert_int_equal(vl_kernels_plain.utf8_valid_prefix(text, 4) == 4, kind == 2);
        }
    }
}

static uint32_t draw_scalar(void)
{
    static const uint32_t edges[] = {0x7F,   0x80,   0x7FF,  0x800,   0xFFF,   0x1000,
                                     0xD7FF, 0xE000, 0xFFFF, 0x10000, 0x10FFFF};
    switch (draw(6)) {
    case 0:
        return edges[draw(sizeof edges / sizeof edges[0])];
    case 1:
        return 0x80 + draw(0x780);
    case 2:
        return 0x800 + draw(0xD000);
    case 3:
        return 0x10000 + draw(0x100000);
    default:
        return draw(0x80);
    }
}

static size_t random_text(uint8_t *out, size_t capacity)
{
    size_t n = 0;
    while (n + 4 <= capacity)
        n += encode(draw_scalar(), out + n);
    return n;
}

static void levels_agree_on_utf8(void **state)
{
    (void)state;
    for (uint32_t level = VEIL_CPU_AVX2; level <= VEIL_CPU_AVX512; level++) {
        const vl_kernels *kernels = vl_kernels_for(level);
        if (kernels == NULL) continue;
        for (int round = 0; round < 20000; round++) {
            uint8_t bytes[500];
            size_t n = random_text(bytes, draw(480) + 4);
            for (uint32_t i = draw(3); i > 0 && n > 0; i--) { /* none, one or two defects */
                if (draw(2)) {
                    bytes[draw((uint32_t)n)] = (uint8_t)draw(256);
                } else {
                    n -= draw(4) < n ? draw(4) % n : 0; /* cut short */
                }
            }
            if (draw(4) == 0 && n > 200) memset(bytes, 'a', 70 + draw(100)); /* long ASCII, then a sequence cut by it */
            uint8_t *text = draw(2) ? room : room + ROOM - n;
            memcpy(text, bytes, n);
            size_t want = vl_kernels_plain.utf8_valid_prefix(text, n);
            assert_int_equal(kernels->utf8_valid_prefix(text, n), want);
        }
    }
}

/* Every defect at every place of a vector and across its border. */
static void defects_are_found_at_every_place(void **state)
{
    (void)state;
    static const char *const pieces[] = {"\xC3\xA9",
                                         "\xE4\xB8\xAD",
                                         "\xF0\x9F\x98\x80",
                                         "\xC3",
                                         "\xE4\xB8",
                                         "\xF0\x9F\x98",
                                         "\x80",
                                         "\xC0\x80",
                                         "\xE0\x80\x80",
                                         "\xED\xA0\x80",
                                         "\xF4\x90\x80\x80",
                                         "\xF0\x80\x80\x80",
                                         "\xF5\x80\x80\x80",
                                         "\xFF",
                                         "\xC3\xA9\x80",
                                         "\xE4\xB8\xAD\x80",
                                         "\xF0\x9F\x98\x80\x80",
                                         "\xC3\xC3\xA9",
                                         "\xC1\xBF",
                                         "\xFE"};
    for (uint32_t level = VEIL_CPU_PLAIN; level <= VEIL_CPU_AVX512; level++) {
        const vl_kernels *kernels = vl_kernels_for(level);
        if (kernels == NULL) continue;
        for (size_t p = 0; p < sizeof pieces / sizeof pieces[0]; p++) {
            size_t length = strlen(pieces[p]);
            for (size_t n = length; n <= 200; n += 1 + n / 20) {
                uint8_t *text = room + ROOM - n;
                for (size_t at = 0; at + length <= n; at++) {
                    memset(text, 'x', n);
                    memcpy(text + at, pieces[p], length);
                    size_t got = kernels->utf8_valid_prefix(text, n);
                    if (p < 3) {
                        assert_int_equal(got, n);
                    } else {
                        size_t valid = p == 14 ? 2 : p == 15 ? 3 : p == 16 ? 4 : 0;
                        assert_int_equal(got, at + valid);
                    }
                }
            }
        }
    }
}

/* ---- levels ---- */

static void levels_are_what_the_machine_has(void **state)
{
    (void)state;
    uint32_t best = vl_cpu_best();
    assert_in_range(best, VEIL_CPU_PLAIN, VEIL_CPU_AVX512);
    assert_ptr_equal(vl_kernels_for(VEIL_CPU_AUTO), vl_kernels_for(best));
    for (uint32_t level = VEIL_CPU_PLAIN; level <= VEIL_CPU_AVX512; level++) {
        const vl_kernels *kernels = vl_kernels_for(level);
        assert_int_equal(kernels != NULL, level <= best);
        if (kernels != NULL) assert_int_equal(kernels->level, level);
    }
    assert_null(vl_kernels_for(VEIL_CPU_AVX512 + 1));
    assert_string_equal(vl_cpu_name(VEIL_CPU_PLAIN), "plain");
    assert_string_equal(vl_cpu_name(VEIL_CPU_AVX2), "avx2");
    assert_string_equal(vl_cpu_name(VEIL_CPU_AVX512), "avx512");
}

/* Members are pointers behind one number: a family list that forgot one would leave a NULL. */
static void no_table_has_a_hole(void **state)
{
    (void)state;
    for (uint32_t level = VEIL_CPU_PLAIN; level <= VEIL_CPU_AVX512; level++) {
        const vl_kernels *kernels = vl_kernels_for(level);
        if (kernels == NULL) continue;
        size_t first = offsetof(vl_kernels, find_in_set);
        for (size_t at = first; at < sizeof *kernels; at += sizeof(void *)) {
            void *member;
            memcpy(&member, (const char *)kernels + at, sizeof member);
            assert_non_null(member);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_byte_value_is_told_apart),
        cmocka_unit_test(levels_agree_at_every_length),
        cmocka_unit_test(levels_agree_on_runs),
        cmocka_unit_test(a_hit_is_found_wherever_it_is),
        cmocka_unit_test(every_short_sequence_is_judged_rightly),
        cmocka_unit_test(levels_agree_on_utf8),
        cmocka_unit_test(defects_are_found_at_every_place),
        cmocka_unit_test(levels_are_what_the_machine_has),
        cmocka_unit_test(no_table_has_a_hole),
    };
    return cmocka_run_group_tests_name("bytes", tests, make_room, free_room);
}
