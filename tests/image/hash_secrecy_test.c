/*
 * THREATS row 2: a perceptual hash tells what a picture looks like. After pictures were remembered by it, it is searched for in everything that
 * comes out in words (log, errors, metrics) and in all writable memory of the process: it may lie in pages that no core dump holds, and nowhere
 * else. The test keeps it with all bits turned.
 */
#include <ctype.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/cpu.h"
#include "face_fixture.h"
#include "image/fingerprint.h"
#include "support/malloc_count.h"

enum { WORDS_MAX = 1 << 16, LINES_MAX = 4096 };

static char words[WORDS_MAX];
static size_t words_used;

static void keep_line(void *user, uint32_t level, const char *message)
{
    (void)user, (void)level;
    const size_t length = strlen(message);
    assert_true(words_used + length < WORDS_MAX);
    memcpy(words + words_used, message, length);
    words_used += length;
}

/* The hash as the caches take it, under a key of ours: no key is in it. All work memory is wiped. */
static uint64_t turned_hash_of(const vl_image_view *view)
{
    uint8_t secret[VL_HASH_SECRET_BYTES];
    vl_fingerprint_key *key = calloc(1, sizeof *key);
    vl_fingerprint_scratch *scratch = calloc(1, sizeof *scratch);
    vl_letterbox_scratch *letterbox = calloc(1, sizeof *letterbox);
    float *planes = calloc(3 * 320 * 240, sizeof(float));
    int16_t *tiles = calloc(vl_tile_count(320, 240) * VL_TILE_VALUES, sizeof(int16_t));
    const vl_letterbox box = vl_letterbox_fit(view->width, view->height, 320, 240);
    vl_fingerprint print = {.tiles = tiles};
    memset(secret, 0x5A, sizeof secret);
    vl_fingerprint_key_make(secret, key);
    vl_letterbox_draw(&box, view, vl_kernels_for(VEIL_CPU_AUTO), planes, letterbox);
    vl_fingerprint_take(key, &box, planes, scratch, &print);
    const uint64_t turned = ~print.phash;
    memset(scratch, 0, sizeof *scratch);
    vl_wipe(&print, sizeof print);
    free(key);
    free(scratch);
    free(letterbox);
    free(planes);
    free(tiles);
    return turned;
}

typedef struct places {
    size_t kept_back; /* in mappings that are not dumped */
    size_t in_dumps;
} places;

/* Where 8 bytes that are the turned ones, turned back, lie at any offset. */
static size_t count_in(const uint8_t *begin, const uint8_t *end, uint64_t turned)
{
    size_t count = 0;
    for (const uint8_t *at = begin; at + 8 <= end; at++) {
        uint64_t value;
        memcpy(&value, at, 8);
        count += value == ~turned;
    }
    return count;
}

typedef struct mapping {
    uintptr_t begin, end;
    bool is_searched; /* readable, writable, ours */
    bool is_kept_back;
} mapping;

static size_t list_mappings(mapping *list)
{
    FILE *maps = fopen("/proc/self/smaps", "r");
    char line[512], mode[8];
    size_t count = 0;
    assert_non_null(maps);
    while (fgets(line, sizeof line, maps) != NULL) {
        unsigned long first, last;
        if (sscanf(line, "%lx-%lx %7s", &first, &last, mode) == 3 && count < LINES_MAX) {
            const bool is_stack = strstr(line, "[stack]") != NULL || strstr(line, "[v") != NULL;
            list[count++] = (mapping){first, last, mode[0] == 'r' && mode[1] == 'w' && !is_stack, false};
        } else if (count > 0 && strncmp(line, "VmFlags:", 8) == 0) {
            list[count - 1].is_kept_back = strstr(line, " dd") != NULL;
        }
    }
    (void)fclose(maps);
    return count;
}

static places search(uint64_t turned)
{
    static mapping list[LINES_MAX];
    const size_t count = list_mappings(list);
    places found = {0, 0};
    for (size_t i = 0; i < count; i++) {
        if (!list[i].is_searched) continue;
        const size_t here = count_in((const uint8_t *)list[i].begin, (const uint8_t *)list[i].end, turned);
        *(list[i].is_kept_back ? &found.kept_back : &found.in_dumps) += here;
    }
    return found;
}

static void check_words(const veil_sanitizer *sanitizer, uint64_t turned)
{
    static char page[32768], numbers[4][32];
    const uint64_t hash = ~turned;
    size_t page_bytes = 0;
    veil_metrics metrics = {.struct_size = sizeof metrics};
    assert_int_equal(veil_metrics_prometheus(sanitizer, page, sizeof page, &page_bytes), VEIL_OK);
    keep_line(NULL, 0, page);
    assert_int_equal(veil_metrics_snapshot(sanitizer, &metrics), VEIL_OK);
    assert_int_equal(count_in((const uint8_t *)&metrics, (const uint8_t *)(&metrics + 1), turned), 0);
    assert_int_equal(count_in((const uint8_t *)words, (const uint8_t *)words + words_used, turned), 0);
    words[words_used] = '\0';
    for (size_t i = 0; i < words_used; i++)
        words[i] = (char)tolower((unsigned char)words[i]);
    (void)snprintf(numbers[0], 32, "%llx", (unsigned long long)hash);
    (void)snprintf(numbers[1], 32, "%llu", (unsigned long long)hash);
    (void)snprintf(numbers[2], 32, "%llx", (unsigned long long)__builtin_bswap64(hash));
    (void)snprintf(numbers[3], 32, "%lld", (long long)hash);
    assert_true(words_used > 1000); /* the page of metrics, at least */
    for (int i = 0; i < 4; i++)
        assert_null(strstr(words, numbers[i]));
    memset(numbers, 0, sizeof numbers);
}

static void hashes_stay_in_pages_that_are_not_dumped(void **state)
{
    veil_config config = picture_config();
    veil_sanitizer *sanitizer = NULL;
    vl_image_view view = picture_make(640, 480, VEIL_PIXEL_BGR);
    veil_region found[8];
    veil_image_options options;
    veil_image_result result = {.struct_size = sizeof result, .regions = found, .region_capacity = 8};
    (void)state;
    if (!picture_has_network()) skip();
    config.near_duplicates = 1;
    config.log = keep_line;
    config.profile = VEIL_PROFILE_SPEED;
    assert_int_equal(veil_sanitizer_create(&config, &sanitizer, NULL), VEIL_OK);
    veil_image_options_init(&options);
    picture_draw_wall(&view, 77);
    picture_paste_face(&view, 200, 60, 260, 320, NULL);
    for (int i = 0; i < 3; i++) {
        const veil_image image = picture_image(&view);
        assert_int_equal(veil_image_scan(sanitizer, &options, &image, &result, NULL), VEIL_OK);
        assert_int_equal(result.cache, i == 0 ? VEIL_CACHE_MISS : VEIL_CACHE_NEAR);
        view.pixels[0] ^= 1;
        if (i == 1) view.pixels[4] ^= 1;
    }
    const uint64_t turned = turned_hash_of(&view);
    check_words(sanitizer, turned);
    if (malloc_count_works()) { /* sanitizers keep shadows of everything */
        const places seen = search(turned);
        print_message("the hash: %zu times in pages kept out of dumps, %zu times elsewhere\n", seen.kept_back,
                      seen.in_dumps);
        assert_true(seen.kept_back > 0); /* it was looked for in the right form */
        assert_int_equal(seen.in_dumps, 0);
    }
    veil_sanitizer_destroy(sanitizer);
    if (malloc_count_works()) assert_int_equal(search(turned).kept_back + search(turned).in_dumps, 0);
    picture_free(&view);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hashes_stay_in_pages_that_are_not_dumped),
    };
    return cmocka_run_group_tests_name("hash_secrecy", tests, NULL, NULL);
}
