/* Sets of patterns: every match with its start, whatever stands around and wherever the range begins; refusals name the pattern. */
#include "text/scan_fixture.h"

#include "text/patterns.h"

typedef struct hits {
    size_t count;
    struct {
        uint32_t id;
        size_t start;
        size_t end;
    } items[600];
    veil_status answer;
} hits;

static veil_status note(void *user, uint32_t id, size_t start, size_t end)
{
    hits *all = user;
    assert_true(all->count < 600);
    all->items[all->count].id = id;
    all->items[all->count].start = start;
    all->items[all->count++].end = end;
    return all->answer;
}

static void assert_hit(const hits *all, size_t i, uint32_t id, size_t start, size_t end)
{
    assert_true(i < all->count);
    assert_int_equal(all->items[i].id, id);
    assert_int_equal(all->items[i].start, start);
    assert_int_equal(all->items[i].end, end);
}

static vl_patterns *make(const vl_pattern *patterns, size_t count, vl_patterns_kind kind, vl_patterns_scratch **scratch)
{
    vl_patterns *made;
    vl_pattern_fault fault;
    assert_int_equal(vl_patterns_create(&vl_allocator_default, patterns, count, kind, &made, &fault), VEIL_OK);
    const vl_patterns *list[] = {NULL, made};
    assert_int_equal(vl_patterns_scratch_create(&vl_allocator_default, list, 2, scratch), VEIL_OK);
    return made;
}

static veil_status scan(const vl_patterns *set, vl_patterns_scratch *scratch, const char *text, size_t from, size_t to,
                        hits *all)
{
    all->count = 0;
    return vl_patterns_scan(set, scratch, (const uint8_t *)text, strlen(text), from, to, note, all);
}

static const vl_pattern three[] = {
    {"\\bab[0-9]{2,4}\\b", 0, 7}, {"order", VL_PATTERN_CASELESS, 8}, {"x[a-z]{1,3}", 0, 900}};

static void matches_have_their_starts(void **state)
{
    (void)state;
    static hits all;
    vl_patterns_scratch *scratch;
    vl_patterns *set = make(three, 3, VL_PATTERNS_ANYWHERE, &scratch);
    const char *text = "ab12 OrDer xabc ab123 zab12";
    assert_int_equal(vl_patterns_width(set), 6);
    assert_true(vl_patterns_bytes(set) > 0 && vl_patterns_scratch_bytes(scratch) > 0);
    assert_int_equal(scan(set, scratch, text, 0, strlen(text), &all), VEIL_OK);
    assert_int_equal(all.count, 6);
    assert_hit(&all, 0, 7, 0, 4);
    assert_hit(&all, 1, 8, 5, 10);
    assert_hit(&all, 2, 900, 11, 13);
    assert_hit(&all, 3, 900, 11, 14);
    assert_hit(&all, 4, 900, 11, 15);
    assert_hit(&all, 5, 7, 16, 21);
    vl_patterns_scratch_destroy(scratch);
    vl_patterns_destroy(set);
}

/* Ranges that lie side by side report together what one range reports. */
static void ranges_do_not_matter(void **state)
{
    (void)state;
    static hits whole;
    static hits part;
    vl_patterns_scratch *scratch;
    vl_patterns *set = make(three, 3, VL_PATTERNS_ANYWHERE, &scratch);
    const char *text = "ab12 OrDer xabc ab123 zab12 orderorder ab1 xx";
    size_t size = strlen(text);
    assert_int_equal(scan(set, scratch, text, 0, size, &whole), VEIL_OK);
    for (size_t cut = 0; cut <= size; cut++) {
        size_t count = 0;
        assert_int_equal(scan(set, scratch, text, 0, cut, &part), VEIL_OK);
        count += part.count;
        assert_int_equal(scan(set, scratch, text, cut, size, &part), VEIL_OK);
        count += part.count;
        assert_int_equal(count, whole.count);
    }
    vl_patterns_scratch_destroy(scratch);
    vl_patterns_destroy(set);
}

static void anchored_sets_look_at_one_place(void **state)
{
    (void)state;
    static hits all;
    vl_patterns_scratch *scratch;
    vl_patterns *set = make(three, 3, VL_PATTERNS_ANCHORED, &scratch);
    const char *text = "zab12 order";
    for (size_t at = 0; at < strlen(text); at++) {
        all.count = 0;
        assert_int_equal(vl_patterns_at(set, scratch, (const uint8_t *)text, strlen(text), at, note, &all), VEIL_OK);
        assert_int_equal(all.count, at == 1 || at == 6);
        if (at == 1) assert_hit(&all, 0, 7, 1, 5); /* what stands before is the caller's to judge */
    }
    all.answer = VEIL_ERR_LIMIT;
    assert_int_equal(vl_patterns_at(set, scratch, (const uint8_t *)text, strlen(text), 1, note, &all), VEIL_ERR_LIMIT);
    vl_patterns_scratch_destroy(scratch);
    vl_patterns_destroy(set);
}

/* More patterns with one end than any list of hits could hold. */
static void a_thousand_patterns_match_at_once(void **state)
{
    (void)state;
    static vl_pattern many[500];
    static hits all;
    for (size_t i = 0; i < 500; i++)
        many[i] = (vl_pattern){"needle", 0, (uint32_t)i};
    vl_patterns_scratch *scratch;
    vl_patterns *set = make(many, 500, VL_PATTERNS_ANYWHERE, &scratch);
    assert_int_equal(scan(set, scratch, "a needle", 0, 8, &all), VEIL_OK);
    assert_int_equal(all.count, 500);
    all.answer = VEIL_ERR_TIMEOUT;
    assert_int_equal(scan(set, scratch, "a needle", 0, 8, &all), VEIL_ERR_TIMEOUT);
    assert_int_equal(all.count, 1);
    vl_patterns_scratch_destroy(scratch);
    vl_patterns_destroy(set);
}

static void refused_patterns_are_named(void **state)
{
    (void)state;
    static const char *const bad[] = {"a(b", "x*", "a+", "a.*b", "(?=a)b", "a{500}", "(a)\\1"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        const vl_pattern patterns[] = {{"fine", 0, 1}, {bad[i], 0, 2}};
        vl_patterns *set;
        vl_pattern_fault fault;
        assert_int_equal(vl_patterns_create(&vl_allocator_default, patterns, 2, VL_PATTERNS_ANYWHERE, &set, &fault),
                         VEIL_ERR_INVALID_ARGUMENT);
        assert_null(set);
        assert_int_equal(fault.index, 1);
        assert_true(fault.reason[0] != '\0');
        assert_int_equal(vl_patterns_create(&vl_allocator_default, patterns, 2, VL_PATTERNS_ANYWHERE, &set, NULL),
                         VEIL_ERR_INVALID_ARGUMENT);
    }
    vl_patterns *set;
    assert_int_equal(vl_patterns_create(&vl_allocator_default, NULL, 0, VL_PATTERNS_ANYWHERE, &set, NULL),
                     VEIL_ERR_INVALID_ARGUMENT);
}

/* THREATS row 17: what the build compiled is loaded as it was, or not at all. */
static void altered_images_are_refused(void **state)
{
    (void)state;
    size_t count;
    const vl_patterns_image *images = vl_secrets_images(&count);
    unsigned loaded = 0;
    unsigned flips = 0;
    for (size_t i = 0; i < count; i++) {
        vl_patterns *set;
        veil_status status = vl_patterns_load(&vl_allocator_default, &images[i], 200, &set);
        assert_true(status == VEIL_OK || status == VEIL_ERR_UNSUPPORTED); /* a level that this CPU does not have */
        loaded += status == VEIL_OK;
        vl_patterns_destroy(set);
        uint64_t *copy = malloc(images[i].size_bytes + 8);
        vl_patterns_image altered = images[i];
        altered.words = copy;
        memcpy(copy, images[i].words, (images[i].size_bytes + 7) / 8 * 8);
        for (size_t at = 0; at < images[i].size_bytes; at += at < 256 ? 1 : 8191) {
            ((uint8_t *)copy)[at] ^= (uint8_t)(1u << at % 8);
            assert_int_equal(vl_patterns_load(&vl_allocator_default, &altered, 200, &set), VEIL_ERR_INTERNAL);
            assert_null(set);
            ((uint8_t *)copy)[at] ^= (uint8_t)(1u << at % 8);
            flips++;
        }
        altered.size_bytes--;
        assert_int_equal(vl_patterns_load(&vl_allocator_default, &altered, 200, &set), VEIL_ERR_INTERNAL);
        altered = images[i];
        altered.version = "0.0.0";
        assert_int_equal(vl_patterns_load(&vl_allocator_default, &altered, 200, &set), VEIL_ERR_UNSUPPORTED);
        free(copy);
    }
    printf("%u of %zu images fit this CPU; %u altered bytes refused\n", loaded, count, flips);
    assert_true(loaded > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(matches_have_their_starts),       cmocka_unit_test(ranges_do_not_matter),
        cmocka_unit_test(anchored_sets_look_at_one_place), cmocka_unit_test(a_thousand_patterns_match_at_once),
        cmocka_unit_test(refused_patterns_are_named),      cmocka_unit_test(altered_images_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
