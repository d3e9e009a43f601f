/*
 * Ogg (RFC 3533) with Vorbis or Opus (RFC 7845), and MP3: enough of their structure to say what they are and to leave out what is
 * no sound. Pages of an Ogg file are walked to its end, for libogg skips what it cannot read; the length comes from the decoder.
 */
#include <string.h>

#include "audio/codec.h"

#define PAGE_HEAD     27u
#define PAGE_LAST     4u /* flag: the stream ends with this page */
#define VORBIS_HEAD   30u
#define OPUS_HEAD     19u
#define OPUS_FRAME_S  0.06 /* the longest of one frame (RFC 6716) */
#define MP3_FRAME     1152u
#define ID3V2_HEAD    10u
#define ID3V1_BYTES   128u
#define CODED_RATE    64000u /* bytes a second that no encoder here exceeds: 512 kbit/s */
#define CODED_HEADERS 65536u

static veil_status malformed(veil_error *error, size_t at, const char *what)
{
    return vl_error_set(error, VEIL_ERR_MALFORMED_INPUT, at, "%s", what);
}

static uint32_t read_le32(const uint8_t *p)
{
    return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

/* ---- Ogg ---- */

/* Bytes of the page at `at`, or 0 when it does not fit. */
static size_t page_bytes(const uint8_t *bytes, size_t size, size_t at)
{
    if (size - at < PAGE_HEAD || memcmp(bytes + at, "OggS", 4) != 0 || bytes[at + 4] != 0) return 0;
    size_t segments = bytes[at + 26], total = PAGE_HEAD + segments;
    if (size - at < total) return 0;
    for (size_t i = 0; i < segments; i++)
        total += bytes[at + PAGE_HEAD + i];
    return size - at < total ? 0 : total;
}

static veil_status walk_pages(const uint8_t *bytes, size_t size, veil_error *error)
{
    uint8_t flags = 0;
    for (size_t at = 0; at < size;) {
        size_t page = page_bytes(bytes, size, at);
        if (page == 0) return malformed(error, at, "Ogg: the file ends within a page, or holds something else");
        if ((flags & PAGE_LAST) != 0 || memcmp(bytes + at + 14, bytes + 14, 4) != 0)
            return vl_error_set(error, VEIL_ERR_UNSUPPORTED, at, "Ogg with several streams is not supported");
        flags = bytes[at + 5];
        at += page;
    }
    return (flags & PAGE_LAST) != 0 ? VEIL_OK : malformed(error, size, "Ogg: the stream has no end");
}

static veil_status read_ogg(const uint8_t *bytes, size_t size, vl_container *out, veil_error *error)
{
    size_t page = page_bytes(bytes, size, 0);
    if (page == 0) return malformed(error, 0, "Ogg: the file ends within its first page");
    const uint8_t *packet = bytes + PAGE_HEAD + bytes[26];
    size_t left = page - PAGE_HEAD - bytes[26];
    if (left >= VORBIS_HEAD && memcmp(packet, "\x01vorbis", 7) == 0) {
        out->kind = VL_CONTAINER_VORBIS;
        uint32_t rate_hz = read_le32(packet + 12);
        if (rate_hz == 0) return malformed(error, 0, "Ogg: the header gives no sample rate");
        out->widen_s = (double)(1u << (packet[28] >> 4)) / rate_hz; /* the long block */
    } else if (left >= OPUS_HEAD && memcmp(packet, "OpusHead", 8) == 0) {
        out->kind = VL_CONTAINER_OPUS;
        out->widen_s = OPUS_FRAME_S;
    } else {
        return vl_error_set(error, VEIL_ERR_UNSUPPORTED, 0,
                            "Ogg with something else than Vorbis or Opus is not supported");
    }
    out->body_bytes = size;
    return walk_pages(bytes, size, error);
}

/* ---- MP3 ---- */

/* The bytes of an ID3v2 tag at the beginning, or 0. */
static size_t id3v2_bytes(const uint8_t *bytes, size_t size)
{
    if (size < ID3V2_HEAD || memcmp(bytes, "ID3", 3) != 0) return 0;
    size_t length = 0;
    for (uint32_t i = 6; i < 10; i++)
        length = length << 7 | (bytes[i] & 0x7F);
    bool has_footer = (bytes[5] & 0x10) != 0;
    return ID3V2_HEAD + length + (has_footer ? ID3V2_HEAD : 0);
}

static veil_status read_mp3(const uint8_t *bytes, size_t size, vl_container *out, veil_error *error)
{
    size_t at = id3v2_bytes(bytes, size);
    if (at >= size) return malformed(error, 0, "MP3: the file ends within its tag");
    size_t end = size;
    if (size - at > ID3V1_BYTES && memcmp(bytes + size - ID3V1_BYTES, "TAG", 3) == 0) end -= ID3V1_BYTES;
    while (at < end && bytes[at] == 0)
        at++; /* padding that some writers leave behind the tag */
    bool is_frame = end - at >= 4 && bytes[at] == 0xFF && (bytes[at + 1] & 0xE6) == 0xE2;
    if (!is_frame) {
        return vl_error_set(error, VEIL_ERR_UNSUPPORTED, at,
                            "no MP3 frame where the sound begins (layers I and II are not supported)");
    }
    out->kind = VL_CONTAINER_MP3;
    out->body_at = at;
    out->body_bytes = end - at;
    return VEIL_OK;
}

bool vl_container_is_coded(vl_container_kind kind)
{
    return kind == VL_CONTAINER_VORBIS || kind == VL_CONTAINER_OPUS || kind == VL_CONTAINER_MP3;
}

veil_status vl_container_read_coded(const void *input, size_t input_bytes, const vl_sound_limits *limits,
                                    vl_container *out, veil_error *error)
{
    const uint8_t *bytes = input;
    veil_status status =
        bytes[0] == 'O' ? read_ogg(bytes, input_bytes, out, error) : read_mp3(bytes, input_bytes, out, error);
    if (status != VEIL_OK) return status;
    status = vl_codec_probe(input, out, error);
    if (status != VEIL_OK) return status;
    const vl_sound *sound = &out->sound;
    if (sound->rate_hz < VL_RATE_MIN || sound->rate_hz > VL_RATE_MAX) {
        return vl_error_set(error, VEIL_ERR_UNSUPPORTED, 0, "sample rate %u Hz is not within %u to %u", sound->rate_hz,
                            VL_RATE_MIN, VL_RATE_MAX);
    }
    status = vl_sound_check_shape(sound->rate_hz, sound->channels, sound->total_frames, sound->format, limits, error);
    if (status != VEIL_OK) return status;
    if (out->kind == VL_CONTAINER_MP3) out->widen_s = (double)MP3_FRAME / sound->rate_hz;
    uint64_t seconds = sound->total_frames / sound->rate_hz + 1;
    uint64_t bound = sound->total_frames * sound->channels * sizeof(int16_t) + seconds * CODED_RATE + CODED_HEADERS;
    if (bound > SIZE_MAX / 2) return malformed(error, 0, "the length overflows the address space");
    out->bound_bytes = (size_t)bound;
    return VEIL_OK;
}
