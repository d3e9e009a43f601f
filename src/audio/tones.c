/* See tones.h. */
#include "audio/tones.h"

#include <string.h>

#include "audio/pcm.h"
#include "audio/sort.h"

#define FIRST_KEYS 128u
#define CHECK_MAX  16384u /* floats checked at once */
#define MERGE_BACK 64u    /* keys of other channels that may have begun in between */

static const uint32_t common_rates[VL_DTMF_BANKS] = {8000, 11025, 16000, 22050, 24000, 32000, 44100, 48000};

/* ---- Banks ---- */

static size_t rounded(size_t bytes)
{
    return (bytes + 63) / 64 * 64;
}

veil_status vl_dtmf_banks_create(const vl_allocator *allocator, const vl_kernels *kernels, vl_dtmf_banks *out,
                                 veil_error *error)
{
    *out = (vl_dtmf_banks){0};
    for (uint32_t i = 0; i < VL_DTMF_BANKS; i++)
        out->memory_bytes += rounded(vl_dtmf_table_bytes(common_rates[i]));
    out->memory = vl_alloc(allocator, out->memory_bytes);
    if (out->memory == NULL) return vl_error_set(error, VEIL_ERR_NO_MEMORY, 0, "tables of the tone detector");
    char *at = out->memory;
    for (uint32_t i = 0; i < VL_DTMF_BANKS; i++) {
        vl_dtmf_bank_make(common_rates[i], (int16_t *)(void *)at, &out->items[i]);
        at += rounded(vl_dtmf_table_bytes(common_rates[i]));
    }
    veil_status status = vl_dtmf_prove(&out->items[0], kernels, allocator, error);
    if (status != VEIL_OK) vl_dtmf_banks_destroy(out, allocator);
    return status;
}

void vl_dtmf_banks_destroy(vl_dtmf_banks *banks, const vl_allocator *allocator)
{
    if (banks->memory != NULL) vl_free(allocator, banks->memory, banks->memory_bytes);
    *banks = (vl_dtmf_banks){0};
}

const vl_dtmf_bank *vl_dtmf_banks_find(const vl_dtmf_banks *banks, uint32_t rate_hz)
{
    for (uint32_t i = 0; i < VL_DTMF_BANKS; i++) {
        if (banks->items[i].rate_hz == rate_hz) return &banks->items[i];
    }
    return NULL;
}

/* ---- Scan ---- */

veil_status vl_tones_add(vl_tones *tones, const vl_tone *tone, vl_audio_work *work)
{
    if (tones->count == tones->capacity) {
        uint32_t capacity = tones->capacity == 0 ? FIRST_KEYS : 2 * tones->capacity;
        void *memory = NULL;
        veil_status status = vl_audio_work_alloc(work, capacity, sizeof *tones->items, &memory);
        if (status != VEIL_OK) return status;
        if (tones->count != 0) memcpy(memory, tones->items, tones->count * sizeof *tones->items);
        tones->items = memory;
        tones->capacity = capacity;
    }
    tones->items[tones->count++] = *tone;
    return VEIL_OK;
}

static veil_status take_key(void *user, const vl_dtmf_key *key)
{
    vl_tone_scan *scan = user;
    vl_tone tone = {.key = *key, .channel = scan->channel};
    if (tone.key.end > scan->shape.total_frames) tone.key.end = scan->shape.total_frames;
    return tone.key.start < tone.key.end ? vl_tones_add(&scan->tones, &tone, scan->work) : VEIL_OK;
}

veil_status vl_tone_scan_begin(vl_tone_scan *scan, const vl_dtmf_banks *banks, const vl_kernels *kernels,
                               const vl_sound *shape, vl_audio_work *work)
{
    *scan = (vl_tone_scan){.kernels = kernels, .work = work, .shape = *shape};
    const vl_dtmf_bank *bank = vl_dtmf_banks_find(banks, shape->rate_hz);
    void *memory = NULL;
    if (bank == NULL) {
        veil_status status = vl_audio_work_alloc(work, 1, vl_dtmf_table_bytes(shape->rate_hz), &memory);
        if (status != VEIL_OK) return status;
        vl_dtmf_bank_make(shape->rate_hz, memory, &scan->own_bank);
        bank = &scan->own_bank;
    }
    veil_status status = vl_audio_work_alloc(work, shape->channels, sizeof *scan->tracks, &memory);
    if (status != VEIL_OK) return status;
    scan->tracks = memory;
    size_t each = rounded(vl_dtmf_samples_bytes(shape->rate_hz));
    status = vl_audio_work_alloc(work, shape->channels, each, &memory);
    if (status != VEIL_OK) return status;
    for (uint32_t c = 0; c < shape->channels; c++)
        vl_dtmf_track_start(&scan->tracks[c], bank, kernels, (int16_t *)(void *)((char *)memory + c * each));
    return VEIL_OK;
}

static veil_status check_numbers(const vl_tone_scan *scan, const vl_sound *block, veil_error *error)
{
    uint64_t count = block->frames * block->channels;
    for (uint64_t at = 0; at < count && block->format == VEIL_SAMPLE_F32; at += CHECK_MAX) {
        size_t n = count - at < CHECK_MAX ? (size_t)(count - at) : CHECK_MAX;
        if (vl_pcm_are_numbers(scan->kernels, block, (size_t)at, n)) continue;
        uint64_t frame = block->first_frame + at / block->channels;
        return vl_error_set(error, VEIL_ERR_MALFORMED_INPUT, frame,
                            "a sample is NaN or infinite within %u samples from frame %llu", CHECK_MAX,
                            (unsigned long long)frame);
    }
    return VEIL_OK;
}

veil_status vl_dtmf_listen(vl_dtmf_track *track, const vl_sound *block, uint32_t channel, vl_dtmf_sink sink, void *user)
{
    for (uint64_t done = 0; done < block->frames;) {
        size_t room = 0;
        int16_t *to = vl_dtmf_room(track, &room);
        if (room > block->frames - done) room = (size_t)(block->frames - done);
        vl_pcm_channel(block, channel, done, room, to);
        veil_status status = vl_dtmf_advance(track, room, sink, user);
        if (status != VEIL_OK) return status;
        done += room;
    }
    return VEIL_OK;
}

veil_status vl_tone_scan_add(vl_tone_scan *scan, const vl_sound *block, veil_error *error)
{
    veil_status status = VEIL_OK;
    if (block->planes == NULL) status = check_numbers(scan, block, error);
    for (uint32_t c = 0; block->planes != NULL && c < block->channels && status == VEIL_OK; c++) {
        vl_sound plane = vl_sound_plane(block, c);
        status = check_numbers(scan, &plane, error);
    }
    for (uint32_t c = 0; c < block->channels && status == VEIL_OK; c++) {
        scan->channel = (int32_t)c;
        status = vl_dtmf_listen(&scan->tracks[c], block, c, take_key, scan);
        if (status != VEIL_OK) vl_error_set(error, status, 0, "no buffer for keys");
    }
    return status;
}

/* ---- All channels together ---- */

static bool by_channel(const void *left, const void *right)
{
    const vl_tone *a = left, *b = right;
    if (a->channel != b->channel) return a->channel < b->channel;
    return a->key.start < b->key.start;
}

static bool by_start(const void *left, const void *right)
{
    const vl_tone *a = left, *b = right;
    if (a->key.start != b->key.start) return a->key.start < b->key.start;
    if (a->key.key != b->key.key) return a->key.key < b->key.key;
    return a->channel < b->channel;
}

static veil_status add_cards(vl_tone_scan *scan)
{
    vl_tones *tones = &scan->tones;
    uint32_t count = tones->count; /* cards go behind */
    for (uint32_t first = 0, next = 0; first < count; first = next) {
        for (next = first; next < count && tones->items[next].channel == tones->items[first].channel;)
            next++;
        veil_status status = vl_tones_find_cards(tones, first, next, scan->shape.rate_hz, scan->work);
        if (status != VEIL_OK) return status;
    }
    return VEIL_OK;
}

/* The same key at the same time in another channel is the same key: telephones and mixers send it everywhere. */
static bool merge(const vl_tone *tone, vl_tone *kept, uint32_t kept_count)
{
    uint32_t least = kept_count > MERGE_BACK ? kept_count - MERGE_BACK : 0;
    for (uint32_t i = kept_count; i-- > least;) {
        vl_tone *one = &kept[i];
        bool is_same = one->key.key == tone->key.key && one->channel != tone->channel && tone->key.start < one->key.end;
        if (!is_same) continue;
        if (tone->key.end > one->key.end) one->key.end = tone->key.end;
        one->channel = -1;
        one->is_in_card = one->is_in_card || tone->is_in_card;
        return true;
    }
    return false;
}

veil_status vl_tone_scan_end(vl_tone_scan *scan, vl_tones *out)
{
    vl_tones *tones = &scan->tones;
    veil_status status = VEIL_OK;
    for (uint32_t c = 0; c < scan->shape.channels && status == VEIL_OK; c++) {
        scan->channel = (int32_t)c;
        status = vl_dtmf_finish(&scan->tracks[c], take_key, scan);
    }
    vl_sort(tones->items, tones->count, sizeof *tones->items, by_channel);
    if (status == VEIL_OK) status = add_cards(scan);
    vl_sort(tones->items, tones->count, sizeof *tones->items, by_start);
    uint32_t kept = 0;
    for (uint32_t i = 0; i < tones->count; i++) {
        if (!merge(&tones->items[i], tones->items, kept)) tones->items[kept++] = tones->items[i];
    }
    tones->count = kept;
    *out = *tones;
    return status;
}
