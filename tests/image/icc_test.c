/* Of a colour profile the colours stay, and nothing else: whole, in pieces, damaged, or made to hide something (icc.h). */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "image/icc.h"
#include "picture_fixture.h"

enum { SIZE = 3001 };

/* `piece`: bytes of all pieces but the last. Valid until the next call (4 KiB are too much for a frame). */
static vl_icc *in_pieces(uint8_t *data, size_t size, size_t piece)
{
    static vl_icc icc;
    icc = (vl_icc){.base = data, .total = size};
    for (size_t at = 0; at < size; at += piece) {
        assert_true(icc.count < VL_ICC_PIECES_MAX);
        icc.pieces[icc.count++] = (vl_icc_piece){(uint32_t)at, (uint32_t)(size - at < piece ? size - at : piece)};
    }
    return &icc;
}

static void keep_colors(test_bytes *profile)
{
    vl_icc *icc = in_pieces(profile->data, profile->size, profile->size);
    vl_icc_keep_colors(icc);
}

static void colours_stay_in_any_pieces(void **state)
{
    static const size_t pieces[] = {SIZE, 1000, 129, 13};
    test_bytes expected = make_clean_icc(SIZE, "RGB ");
    (void)state;
    for (size_t i = 0; i < sizeof pieces / sizeof pieces[0]; i++) {
        test_bytes profile = make_icc(SIZE, "RGB ");
        vl_icc *icc = in_pieces(profile.data, profile.size, pieces[i]);
        vl_icc_keep_colors(icc);
        assert_memory_equal(profile.data, expected.data, SIZE);
        vl_icc_keep_colors(icc); /* and nothing changes a second time, but the order of tags, which is settled */
        assert_memory_equal(profile.data, expected.data, SIZE);
        bytes_free(&profile);
    }
    bytes_free(&expected);
}

static void put_tag(uint8_t *p, const char name[4], uint32_t offset, uint32_t size)
{
    memcpy(p, name, 4);
    for (int i = 0; i < 4; i++) {
        p[4 + i] = (uint8_t)(offset >> (24 - 8 * i));
        p[8 + i] = (uint8_t)(size >> (24 - 8 * i));
    }
}

/* Each of these replaces the fixture's private tag. None may carry its text out, nor take the colours with it. */
static void tricks_hide_nothing(void **state)
{
    static const struct {
        const char *what, *name;
        uint32_t offset, size;
    } tricks[] = {
        {"a colour's name over data that is no colour", "rXYZ", 292, 40},
        {"a description over a private range", "desc", 292, 40},
        {"a copyright over everything", "cprt", 192, SIZE - 192},
        {"a tag over the table", "wtpt", 128, 60},
        {"a tag beyond the end", "rXYZ", SIZE - 4, 40},
        {"a tag whose end overflows", "rXYZ", 0xFFFFFFF0u, 0x20},
        {"a tag with no room for its type", "rXYZ", 292, 3},
    };
    (void)state;
    for (size_t i = 0; i < sizeof tricks / sizeof tricks[0]; i++) {
        test_bytes profile = make_icc(SIZE, "RGB ");
        put_tag(profile.data + 132 + 12, tricks[i].name, tricks[i].offset, tricks[i].size);
        keep_colors(&profile);
        if (bytes_contain(profile.data, profile.size, "SECRET", 6)) fail_msg("%s: text stays", tricks[i].what);
        assert_memory_equal(profile.data + 332, "XYZ ", 4);
        assert_memory_equal(profile.data + 352, "curv", 4);
        bytes_free(&profile);
    }
}

/* Version 4 has texts of another type; a profile without a readable table keeps its header. */
static void other_versions_and_damage(void **state)
{
    static const uint8_t counts[][4] = {{0, 0, 0, 0}, {0xFF, 0xFF, 0xFF, 0xFF}, {0, 0, 4, 1}, {0, 0, 1, 0}};
    (void)state;
    test_bytes new = make_icc(SIZE, "GRAY");
    new.data[8] = 4;
    keep_colors(&new);
    assert_memory_equal(new.data + 192, "mluc", 4);
    assert_false(bytes_contain(new.data, new.size, "SECRET", 6));
    bytes_free(&new);
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
        test_bytes profile = make_icc(SIZE, "RGB ");
        memcpy(profile.data + 128, counts[i], 4);
        keep_colors(&profile);
        assert_memory_equal(profile.data + 36, "acsp", 4);
        for (size_t at = 128; at < profile.size; at++)
            assert_int_equal(profile.data[at], 0);
        bytes_free(&profile);
    }
    for (size_t size = 1; size < 160; size++) { /* cut short: nothing is read beyond the end */
        test_bytes whole = make_icc(SIZE, "RGB ");
        test_bytes part = {malloc(size), size};
        assert_non_null(part.data);
        memcpy(part.data, whole.data, size);
        keep_colors(&part);
        assert_false(bytes_contain(part.data, part.size, "SECRET", 6));
        bytes_free(&part);
        bytes_free(&whole);
    }
}

static uint32_t chance(uint32_t *seed)
{
    *seed = *seed * 1664525 + 1013904223;
    return *seed >> 8;
}

/* Any tag table: nothing is written outside, and the text of the private tag is gone unless a colour's tag claims it. */
static void chance_tables(void **state)
{
    static const char names[][5] = {"desc", "cprt", "wtpt", "rXYZ", "kTRC", "A2B0", "SECR"};
    uint32_t seed = 5;
    (void)state;
    for (int round = 0; round < 20000; round++) {
        test_bytes profile = make_icc(400, "RGB ");
        for (uint32_t tag = 0; tag < 4; tag++)
            put_tag(profile.data + 132 + 12 * tag, names[chance(&seed) % 7], chance(&seed) % 420, chance(&seed) % 420);
        keep_colors(&profile);
        assert_false(bytes_contain(profile.data, profile.size, "SECRET-IN-PRIVATE", 17));
        bytes_free(&profile);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(colours_stay_in_any_pieces),
        cmocka_unit_test(tricks_hide_nothing),
        cmocka_unit_test(other_versions_and_damage),
        cmocka_unit_test(chance_tables),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
