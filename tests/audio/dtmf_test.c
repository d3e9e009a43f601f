/*
 * The tone detector against ITU-T Q.24 and against what is no key, on made-up sounds; then on the development recordings
 * (../shared/data/audio/dtmf, skipped without), with recall by noise printed.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sndfile.h>

#include "audio_fixture.h"
#include "dtmf_fixture.h"

#define FOUND_MAX 512
#define EDGE_S    0.012 /* how much more than the tone a finding may cover on a side */
#define TWO_PI    6.283185307179586

typedef struct heard {
    uint32_t rate_hz;
    pressed keys[FOUND_MAX];
    size_t count;
    vl_dtmf_track track;
    uint64_t settled; /* what the detector has promised so far */
} heard;

static veil_status note(void *user, const vl_dtmf_key *key)
{
    heard *h = user;
    assert_true(h->count < FOUND_MAX);
    assert_true(key->start < key->end);
    assert_true(key->end >= h->settled); /* it was still sounding, or not begun, at the last promise */
    h->keys[h->count++] = (pressed){key->key, (double)key->start / h->rate_hz, (double)key->end / h->rate_hz};
    return VEIL_OK;
}

/* Feed in pieces of at most `piece` samples (0: as many as fit). */
static void hear(const int16_t *samples, size_t frames, uint32_t rate_hz, uint32_t level, size_t piece, heard *h)
{
    memset(h, 0, sizeof *h);
    h->rate_hz = rate_hz;
    int16_t *table = malloc(vl_dtmf_table_bytes(rate_hz)), *memory = malloc(vl_dtmf_samples_bytes(rate_hz));
    vl_dtmf_bank bank;
    assert_true(table != NULL && memory != NULL);
    vl_dtmf_bank_make(rate_hz, table, &bank);
    vl_dtmf_track_start(&h->track, &bank, vl_kernels_for(level), memory);
    uint64_t open_start = UINT64_MAX;
    for (size_t done = 0; done < frames;) {
        size_t room = 0;
        int16_t *to = vl_dtmf_room(&h->track, &room);
        assert_true(room > 0);
        if (piece != 0 && room > piece) room = piece;
        if (room > frames - done) room = frames - done;
        memcpy(to, samples + done, room * sizeof *to);
        assert_int_equal(vl_dtmf_advance(&h->track, room, note, h), VEIL_OK);
        done += room;
        /* A key that begins to sound began behind what was settled before, and the promise never falls back. */
        if (h->track.state == VL_DTMF_ON && h->track.open.start != open_start) {
            open_start = h->track.open.start;
            assert_true(open_start >= h->settled);
        }
        if (h->track.state != VL_DTMF_ON) assert_true(vl_dtmf_settled(&h->track) + rate_hz * 95 / 1000 >= done);
        if (vl_dtmf_settled(&h->track) > h->settled) h->settled = vl_dtmf_settled(&h->track);
    }
    assert_int_equal(vl_dtmf_finish(&h->track, note, h), VEIL_OK);
    free(table);
    free(memory);
}

static size_t count_right(const heard *h, const pressed *truth, size_t count)
{
    size_t right = 0;
    for (size_t i = 0, k = 0; i < count && k < h->count;) {
        if (h->keys[k].end_s <= truth[i].start_s) {
            k++;
        } else if (h->keys[k].start_s >= truth[i].end_s) {
            i++;
        } else {
            right += h->keys[k++].key == truth[i++].key;
        }
    }
    return right;
}

static void assert_all(const sequence *s, uint64_t *seed)
{
    pressed truth[64];
    static heard h;
    size_t frames = 0, count = strlen(s->keys);
    int16_t *samples = make_sequence(s, seed, &frames, truth);
    hear(samples, frames, s->rate_hz, VEIL_CPU_AUTO, 0, &h);
    if (h.count != count || count_right(&h, truth, count) != count)
        fail_msg("%u Hz, %g ms, %g dB, twist %g, offset %g: %zu of %zu keys", s->rate_hz, s->tone_ms, s->level_db,
                 s->twist_db, s->offset_pct, count_right(&h, truth, count), count);
    for (size_t i = 0; i < count; i++) {
        assert_true(h.keys[i].start_s <= truth[i].start_s && h.keys[i].start_s >= truth[i].start_s - EDGE_S);
        assert_true(h.keys[i].end_s >= truth[i].end_s && h.keys[i].end_s <= truth[i].end_s + EDGE_S);
    }
    free(samples);
}

static size_t count_found(const sequence *s, uint64_t *seed)
{
    pressed truth[64];
    static heard h;
    size_t frames = 0;
    int16_t *samples = make_sequence(s, seed, &frames, truth);
    hear(samples, frames, s->rate_hz, VEIL_CPU_AUTO, 0, &h);
    free(samples);
    return h.count;
}

static const uint32_t rates[] = {8000, 11025, 12345, 16000, 22050, 44100, 48000, 96000, 192000};
#define RATES (sizeof rates / sizeof rates[0])

static void keys_within_the_recommendation_are_found_whole(void **state)
{
    (void)state;
    uint64_t seed = 41;
    for (size_t r = 0; r < RATES; r++) {
        for (int twist = -6; twist <= 6; twist += 6) {
            for (double offset = -1.5; offset <= 1.5; offset += 1.5) {
                sequence s = {rates[r], KEYS_ALL, 40, 40, -12, twist, offset, -72};
                assert_all(&s, &seed);
            }
        }
        static const double levels[] = {-3, -20, -30, -36, -42};
        for (size_t k = 0; k < sizeof levels / sizeof levels[0]; k++) {
            sequence s = {rates[r], KEYS_ALL, 50, 50, levels[k], 0, 0.7, -80};
            assert_all(&s, &seed);
        }
    }
}

static void keys_that_repeat_are_counted(void **state)
{
    (void)state;
    uint64_t seed = 42;
    for (size_t r = 0; r < RATES; r++) {
        sequence s = {rates[r], "5555##1111", 60, 35, -15, 2, 0.5, -60};
        assert_all(&s, &seed);
        s = (sequence){rates[r], "1234567890", 200, 0, -15, 0, 0, -60}; /* no pause at all between different keys */
        assert_int_equal(count_found(&s, &seed), 10);
    }
}

static void an_interruption_of_10_ms_is_no_pause(void **state)
{
    (void)state;
    uint64_t seed = 43;
    for (int round = 0; round < 40; round++) {
        sequence s = {8000, "8", 120, 0, -15, 0, 0, -70};
        pressed truth[1];
        static heard h;
        size_t frames = 0;
        int16_t *samples = make_sequence(&s, &seed, &frames, truth);
        size_t at = (size_t)(truth[0].start_s * 8000) + 440 + (size_t)round;
        memset(samples + at, 0, 80 * sizeof *samples);
        hear(samples, frames, 8000, VEIL_CPU_AUTO, 0, &h);
        assert_int_equal(h.count, 1);
        assert_true(h.keys[0].start_s <= truth[0].start_s && h.keys[0].end_s >= truth[0].end_s);
        free(samples);
    }
}

static void what_the_recommendation_rejects_is_no_key(void **state)
{
    (void)state;
    uint64_t seed = 44;
    for (size_t r = 0; r < RATES; r++) {
        for (double offset = -3.5; offset <= 3.5; offset += 7) {
            static const double lengths[] = {40, 60, 150}, noises[] = {0, -25};
            for (size_t k = 0; k < 6; k++) {
                sequence s = {rates[r], KEYS_ALL, lengths[k % 3], 50, -12, 0, offset, noises[k / 3]};
                assert_int_equal(count_found(&s, &seed), 0);
            }
        }
        sequence brief = {rates[r], KEYS_ALL, 18, 50, -12, 0, 0, -60};
        assert_int_equal(count_found(&brief, &seed), 0);
        sequence lopsided = {rates[r], KEYS_ALL, 60, 50, -12, 14, 0, -60};
        assert_int_equal(count_found(&lopsided, &seed), 0);
    }
}

/* ---- What is no key ---- */

static size_t keys_in(const int16_t *samples, size_t frames, uint32_t rate_hz)
{
    static heard h;
    hear(samples, frames, rate_hz, VEIL_CPU_AUTO, 0, &h);
    return h.count;
}

static void noise_silence_and_single_tones_hold_no_keys(void **state)
{
    (void)state;
    uint64_t seed = 45;
    enum { RATE = 8000, FRAMES = 20 * RATE };
    int16_t *samples = calloc(FRAMES, sizeof *samples);
    assert_non_null(samples);
    assert_int_equal(keys_in(samples, FRAMES, RATE), 0);
    for (int i = 0; i < FRAMES; i++)
        samples[i] = (int16_t)((int)random_below(&seed, 3) - 1); /* dither */
    assert_int_equal(keys_in(samples, FRAMES, RATE), 0);
    for (int round = 0; round < 5; round++) {
        memset(samples, 0, FRAMES * sizeof *samples);
        add_noise(samples, FRAMES, 0.02 * (1 + 3 * round), &seed);
        assert_int_equal(keys_in(samples, FRAMES, RATE), 0);
    }
    static const double hertz[] = {350, 440, 480, 620, 697, 770, 852, 941, 1000, 1209, 1336, 1400, 1477, 1633, 2100};
    for (size_t k = 0; k < sizeof hertz / sizeof hertz[0]; k++) {
        for (int i = 0; i < FRAMES; i++)
            samples[i] = (int16_t)lrint(8000 * sin(TWO_PI * hertz[k] * i / RATE));
        assert_int_equal(keys_in(samples, FRAMES, RATE), 0);
    }
    for (int i = 0; i < FRAMES; i++) /* the dial tone of North America */
        samples[i] = (int16_t)lrint(6000 * (sin(TWO_PI * 350 * i / RATE) + sin(TWO_PI * 440 * i / RATE)));
    assert_int_equal(keys_in(samples, FRAMES, RATE), 0);
    free(samples);
}

/* A made voice: harmonics of a gliding pitch under two formants. */
static void voices_hold_no_keys(void **state)
{
    (void)state;
    enum { RATE = 8000, FRAMES = 60 * RATE };
    int16_t *samples = malloc(FRAMES * sizeof *samples);
    assert_non_null(samples);
    double phase = 0;
    for (int i = 0; i < FRAMES; i++) {
        double t = (double)i / RATE, pitch = 90 + 5 * t + 12 * sin(TWO_PI * 0.9 * t), value = 0;
        double first = 500 + 250 * sin(TWO_PI * 0.37 * t), second = 1400 + 350 * sin(TWO_PI * 0.23 * t);
        phase += TWO_PI * pitch / RATE;
        for (int n = 1; n * pitch < 3400; n++) {
            double a = (n * pitch - first) / 150, b = (n * pitch - second) / 200;
            value += (1 / (1 + a * a) + 0.5 / (1 + b * b) + 0.5 / n) * sin(n * phase);
        }
        samples[i] = (int16_t)lrint(3000 * value);
    }
    assert_true(keys_in(samples, FRAMES, RATE) <= 2); /* a minute through every pitch and formant; real voices: below */
    free(samples);
}

/* ---- The same whatever the cut and the CPU ---- */

static void pieces_and_cpu_levels_change_nothing(void **state)
{
    (void)state;
    uint64_t seed = 46;
    for (int round = 0; round < 12; round++) {
        uint32_t rate_hz = rates[random_below(&seed, 7)];
        sequence s = {rate_hz, "159D*0#", 45 + (double)random_below(&seed, 60), 30, -18, 3, 1, -28};
        pressed truth[16];
        static heard whole, part;
        size_t frames = 0;
        int16_t *samples = make_sequence(&s, &seed, &frames, truth);
        hear(samples, frames, rate_hz, VEIL_CPU_PLAIN, 0, &whole);
        assert_true(whole.count >= 5);
        for (uint32_t level = VEIL_CPU_PLAIN; level <= VEIL_CPU_AVX512 && vl_kernels_for(level) != NULL; level++) {
            hear(samples, frames, rate_hz, level, 1 + random_below(&seed, 3000), &part);
            assert_int_equal(part.count, whole.count);
            assert_memory_equal(part.keys, whole.keys, whole.count * sizeof whole.keys[0]);
        }
        free(samples);
    }
}

/* A window at full scale with the signs of the table: the largest sums there can be stay within 32 bits. */
static void full_scale_does_not_overflow(void **state)
{
    (void)state;
    for (size_t r = 0; r < RATES; r++) {
        vl_dtmf_bank bank;
        int16_t *table = malloc(vl_dtmf_table_bytes(rates[r]));
        assert_non_null(table);
        vl_dtmf_bank_make(rates[r], table, &bank);
        for (uint32_t lane = 0; lane < VL_TONE_LANES; lane++) {
            int64_t sum = 0;
            for (uint32_t i = 0; i < 2 * bank.hop; i++)
                sum += 32768 * (int64_t)abs(table[(i / 2 * VL_TONE_LANES + lane) * 2 + i % 2]);
            assert_true(sum <= INT32_MAX && sum > INT32_MAX / 4);
        }
        free(table);
    }
}

/* Keys in noise, and beyond the recommendation: a key that is told begins behind what was settled (hear() looks), and where it is
 * heard at first, though noise hides it from some tests. */
static void keys_in_noise_begin_where_they_are_heard(void **state)
{
    (void)state;
    uint64_t seed = 20261129;
    size_t keys = 0, late = 0;
    for (int trial = 0; trial < 400; trial++) {
        const char key[2] = {KEYS_ALL[random_below(&seed, 16)], 0};
        const double snr_db = (double)random_below(&seed, 15) - 3, length_ms = 60 + (double)random_below(&seed, 180);
        sequence s = {8000,
                      key,
                      length_ms,
                      60,
                      -18,
                      (double)random_below(&seed, 9) - 4,
                      (double)random_below(&seed, 36) / 10 - 1.8,
                      -18 - snr_db};
        pressed truth[1];
        size_t frames;
        int16_t *samples = make_sequence(&s, &seed, &frames, truth);
        static heard h;
        hear(samples, frames, s.rate_hz, VEIL_CPU_AUTO, 40, &h);
        for (size_t i = 0; i < h.count; i++) {
            keys++;
            late += h.keys[i].start_s > truth[0].start_s + 0.02 && h.keys[i].start_s < truth[0].end_s;
        }
        free(samples);
    }
    print_message("noisy: %zu of 400 keys, %zu of them more than 20 ms late\n", keys, late);
    assert_true(keys > 200);
    assert_true(late * 100 < keys * 5);
}

static void noise_costs_keys_slowly(void **state)
{
    (void)state;
    static const struct {
        double snr_db;
        size_t least; /* of 96 keys of 50 ms */
    } cases[] = {{20, 96}, {10, 96}, {5, 94}, {0, 60}};
    for (size_t k = 0; k < sizeof cases / sizeof cases[0]; k++) {
        uint64_t seed = 47;
        size_t right = 0;
        for (int round = 0; round < 6; round++) {
            sequence s = {8000, KEYS_ALL, 50, 60, -15, 2, 0.5, -15 - cases[k].snr_db};
            pressed truth[16];
            static heard h;
            size_t frames = 0;
            int16_t *samples = make_sequence(&s, &seed, &frames, truth);
            hear(samples, frames, 8000, VEIL_CPU_AUTO, 0, &h);
            right += count_right(&h, truth, 16);
            free(samples);
        }
        print_message("made: %3.0f dB %zu of 96\n", cases[k].snr_db, right);
        assert_true(right >= cases[k].least);
    }
}

/* ---- The development recordings ---- */

#define GROUPS_MAX 32

typedef struct group {
    char name[48];
    size_t right, keys, extra, files;
} group;

static group *find_group(group *groups, const char *name)
{
    size_t i = 0;
    while (i < GROUPS_MAX - 1 && groups[i].name[0] != 0 && strcmp(groups[i].name, name) != 0)
        i++;
    snprintf(groups[i].name, sizeof groups[i].name, "%s", name);
    return &groups[i];
}

static size_t read_truth(const char *line, pressed *truth)
{
    size_t count = 0;
    for (const char *at = strstr(line, "\"key\": \""); at != NULL; at = strstr(at + 1, "\"key\": \"")) {
        pressed *p = &truth[count++];
        p->key = at[8];
        assert_int_equal(sscanf(strstr(at, "\"start\""), "\"start\": %lf, \"end\": %lf", &p->start_s, &p->end_s), 2);
    }
    return count;
}

static void name_group(const char *line, char *name, size_t size)
{
    char kind[24] = "", value[16] = "";
    const char *at = strstr(line, "\"kind\": \"");
    if (at != NULL) sscanf(at, "\"kind\": \"%23[a-z_]", kind);
    at = strstr(line, strcmp(kind, "mix") == 0 ? "\"sir_db\": " : "\"snr_db\": ");
    if (at != NULL && (strcmp(kind, "mix") == 0 || strcmp(kind, "snr") == 0)) sscanf(at + 10, "%15[^,}]", value);
    snprintf(name, size, "%s%s%s", kind, value[0] != 0 ? " " : "", strcmp(value, "null") == 0 ? "clean" : value);
    if (strstr(line, "\"must_detect\": true") != NULL) snprintf(name, size, "must detect");
    if (strstr(line, "\"must_reject\": true") != NULL) snprintf(name, size, "must reject");
}

static void hear_file(const char *file, heard *h)
{
    char path[512];
    SF_INFO info = {0};
    snprintf(path, sizeof path, "%s/../shared/data/audio/%s", VEIL_TEST_SOURCE_DIR, file);
    SNDFILE *sound = sf_open(path, SFM_READ, &info);
    assert_non_null(sound);
    int16_t *samples = malloc((size_t)info.frames * sizeof *samples);
    assert_true(samples != NULL && info.channels == 1);
    assert_int_equal(sf_readf_short(sound, samples, info.frames), info.frames);
    sf_close(sound);
    hear(samples, (size_t)info.frames, (uint32_t)info.samplerate, VEIL_CPU_AUTO, 0, h);
    free(samples);
}

static void the_development_recordings(void **state)
{
    (void)state;
    FILE *list = fopen(VEIL_TEST_SOURCE_DIR "/../shared/data/audio/dtmf.jsonl", "r");
    if (list == NULL) {
        print_message("skipped: no ../shared/data/audio/dtmf.jsonl\n");
        skip();
    }
    static group groups[GROUPS_MAX];
    static char line[65536];
    while (fgets(line, sizeof line, list) != NULL) {
        char file[128], name[48];
        pressed truth[64];
        static heard h;
        assert_int_equal(sscanf(strstr(line, "\"file\""), "\"file\": \"%127[^\"]", file), 1);
        name_group(line, name, sizeof name);
        size_t keys = read_truth(line, truth);
        hear_file(file, &h);
        group *g = find_group(groups, name);
        size_t right = count_right(&h, truth, keys);
        g->files++;
        g->keys += keys;
        g->right += right;
        g->extra += h.count - right;
    }
    fclose(list);
    for (group *g = groups; g->name[0] != 0; g++) {
        print_message("dtmf: %-16s %3zu of %3zu, %zu extra, %zu files\n", g->name, g->right, g->keys, g->extra,
                      g->files);
        assert_int_equal(g->extra, 0);
        if (strcmp(g->name, "must detect") == 0) assert_int_equal(g->right, g->keys);
        if (strcmp(g->name, "must reject") == 0) assert_int_equal(g->right, 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys_within_the_recommendation_are_found_whole),
        cmocka_unit_test(keys_that_repeat_are_counted),
        cmocka_unit_test(an_interruption_of_10_ms_is_no_pause),
        cmocka_unit_test(what_the_recommendation_rejects_is_no_key),
        cmocka_unit_test(noise_silence_and_single_tones_hold_no_keys),
        cmocka_unit_test(voices_hold_no_keys),
        cmocka_unit_test(pieces_and_cpu_levels_change_nothing),
        cmocka_unit_test(full_scale_does_not_overflow),
        cmocka_unit_test(keys_in_noise_begin_where_they_are_heard),
        cmocka_unit_test(noise_costs_keys_slowly),
        cmocka_unit_test(the_development_recordings),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
