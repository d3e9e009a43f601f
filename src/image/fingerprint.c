/*
 * Perceptual hash and tile statistics. The hash is the usual one (32x32 luma, DCT, the 8x8 lowest frequencies but the
 * mean's row and column, each against their median); it only finds candidates. The limits below were measured: a face that
 * the detector finds, however faint, exceeds them (tests/image/near_cache_test.c), while camera and coding noise of up to
 * about two levels does not.
 */
#include "image/fingerprint.h"

#include <math.h>
#include <string.h>

#define LEVEL_UNITS 16      /* of a stored number in one level of 255 */
#define LEVEL_SCALE 2048.0F /* a plane's 1.0 is 128 levels */
/* A mean of 64 pixels is the same for every key, so a face that fades in, alone or beside a known one, exceeds these whatever
 * the signs; noise of two levels a pixel moves it by a fifth of a level. */
#define LUMA_LIMIT   (1 * LEVEL_UNITS)
#define COLOUR_LIMIT (3 * LEVEL_UNITS / 2)
#define SUM_LIMIT    (6 * LEVEL_UNITS)
#define PI           3.14159265358979323846

void vl_fingerprint_key_make(const void *hash_secret, vl_fingerprint_key *key)
{
    struct {
        char purpose[8];
        uint64_t index;
    } input = {"signs-1", 0};
    int16_t *sign = &key->signs[0][0][0];

    for (input.index = 0; input.index < VL_SIGN_SETS * VL_TILE_SUMS; input.index++) {
        const vl_hash128 bits = vl_hash_keyed(hash_secret, &input, sizeof input);

        for (uint32_t i = 0; i < VL_TILE_PIXELS; i++)
            *sign++ = (bits.low >> i & 1) != 0 ? 1 : -1;
    }
    for (uint32_t u = 0; u < 8; u++) {
        for (uint32_t x = 0; x < VL_PHASH_SIDE; x++)
            key->cosines[u][x] = (float)cos(PI * (2 * x + 1) * (u + 1) / (2.0 * VL_PHASH_SIDE));
    }
}

static uint32_t tiles_along(uint32_t side)
{
    return (side + VL_TILE_SIDE - 1) / VL_TILE_SIDE;
}

size_t vl_tile_count(uint32_t input_width, uint32_t input_height)
{
    return (size_t)tiles_along(input_width) * tiles_along(input_height);
}

/* ---- Tiles ------------------------------------------------------------------------------------------------------- */

static void convert_row(const float *restrict red, const float *restrict green, const float *restrict blue,
                        uint32_t width, int16_t *restrict luma, int16_t *restrict red_diff, int16_t *restrict blue_diff)
{
    for (uint32_t x = 0; x < width; x++) {
        /* BT.601 luma */
        luma[x] = (int16_t)((0.299F * red[x] + 0.587F * green[x] + 0.114F * blue[x]) * LEVEL_SCALE);
        red_diff[x] = (int16_t)((red[x] - green[x]) * LEVEL_SCALE);
        blue_diff[x] = (int16_t)((blue[x] - green[x]) * LEVEL_SCALE);
    }
}

/* Rows [y, y + 8) as 16-bit numbers; what lies outside of the fitted part is zero. */
static void convert_rows(const vl_letterbox *box, const float *planes, uint32_t y, vl_fingerprint_scratch *scratch)
{
    const size_t plane = (size_t)box->input_width * box->input_height;
    const size_t padded = (size_t)tiles_along(box->fitted_width) * VL_TILE_SIDE;

    for (uint32_t j = 0; j < VL_TILE_SIDE; j++) {
        const float *row = planes + (size_t)(y + j) * box->input_width;
        const uint32_t width = y + j < box->fitted_height ? box->fitted_width : 0;
        const size_t rest = (padded - width) * sizeof(int16_t);

        if (width > 0)
            convert_row(row, row + plane, row + 2 * plane, width, scratch->luma[j], scratch->red[j], scratch->blue[j]);
        memset(scratch->luma[j] + width, 0, rest);
        memset(scratch->red[j] + width, 0, rest);
        memset(scratch->blue[j] + width, 0, rest);
    }
}

static int32_t tile_mean(int16_t rows[VL_TILE_SIDE][VL_LETTERBOX_SIDE_MAX], uint32_t x)
{
    int32_t total = 0;

    for (uint32_t j = 0; j < VL_TILE_SIDE; j++) {
        for (uint32_t i = 0; i < VL_TILE_SIDE; i++)
            total += rows[j][x + i];
    }
    return total / (int32_t)VL_TILE_PIXELS;
}

static int32_t signed_sum(const int16_t *restrict values, const int16_t *restrict signs)
{
    int32_t total = 0;

    for (uint32_t i = 0; i < VL_TILE_PIXELS; i++)
        total += values[i] * signs[i];
    return total;
}

static void take_tile(const int16_t signs[VL_TILE_SUMS][VL_TILE_PIXELS], vl_fingerprint_scratch *scratch, uint32_t x,
                      int16_t *out)
{
    int16_t luma[VL_TILE_PIXELS];

    for (uint32_t j = 0; j < VL_TILE_SIDE; j++)
        memcpy(luma + j * VL_TILE_SIDE, scratch->luma[j] + x, VL_TILE_SIDE * sizeof *luma);
    out[0] = (int16_t)tile_mean(scratch->luma, x);
    out[1] = (int16_t)tile_mean(scratch->red, x);
    out[2] = (int16_t)tile_mean(scratch->blue, x);
    /* Divided by the root of the pixel count, so that a change of RMS r moves the sum by about r. Largest: 64 * 2048 / 8. */
    for (uint32_t k = 0; k < VL_TILE_SUMS; k++)
        out[3 + k] = (int16_t)(signed_sum(luma, signs[k]) / (int32_t)VL_TILE_SIDE);
}

/* ---- Perceptual hash --------------------------------------------------------------------------------------------- */

static void add_to_bins(const vl_letterbox *box, uint32_t y, vl_fingerprint_scratch *scratch)
{
    for (uint32_t j = 0; j < VL_TILE_SIDE && y + j < box->fitted_height; j++) {
        const uint32_t bin_row = (y + j) * VL_PHASH_SIDE / box->fitted_height;

        for (uint32_t bin = 0; bin < VL_PHASH_SIDE; bin++) {
            const uint32_t begin = bin * box->fitted_width / VL_PHASH_SIDE;
            const uint32_t end = (bin + 1) * box->fitted_width / VL_PHASH_SIDE;
            int32_t total = 0;

            for (uint32_t x = begin; x < end; x++)
                total += scratch->luma[j][x];
            scratch->bins[bin_row][bin] += total;
            scratch->bin_pixels[bin_row][bin] += end - begin;
        }
    }
}

static float bin_mean(const vl_fingerprint_scratch *scratch, uint32_t y, uint32_t x)
{
    return scratch->bin_pixels[y][x] == 0 ? 0 : (float)scratch->bins[y][x] / (float)scratch->bin_pixels[y][x];
}

static void low_frequencies(const vl_fingerprint_key *key, const vl_fingerprint_scratch *scratch,
                            float out[VL_PHASH_BITS])
{
    float rows[VL_PHASH_SIDE][8];

    for (uint32_t y = 0; y < VL_PHASH_SIDE; y++) {
        for (uint32_t u = 0; u < 8; u++) {
            rows[y][u] = 0;
            for (uint32_t x = 0; x < VL_PHASH_SIDE; x++)
                rows[y][u] += bin_mean(scratch, y, x) * key->cosines[u][x];
        }
    }
    for (uint32_t v = 0; v < 8; v++) {
        for (uint32_t u = 0; u < 8; u++) {
            out[8 * v + u] = 0;
            for (uint32_t y = 0; y < VL_PHASH_SIDE; y++)
                out[8 * v + u] += rows[y][u] * key->cosines[v][y];
        }
    }
}

static float median_of(const float values[VL_PHASH_BITS])
{
    float sorted[VL_PHASH_BITS];

    for (uint32_t i = 0; i < VL_PHASH_BITS; i++) {
        uint32_t at = i;

        for (; at > 0 && sorted[at - 1] > values[i]; at--)
            sorted[at] = sorted[at - 1];
        sorted[at] = values[i];
    }
    return 0.5F * (sorted[VL_PHASH_BITS / 2 - 1] + sorted[VL_PHASH_BITS / 2]);
}

static uint64_t hash_of(const vl_fingerprint_key *key, const vl_fingerprint_scratch *scratch)
{
    float frequencies[VL_PHASH_BITS];
    uint64_t hash = 0;

    low_frequencies(key, scratch, frequencies);
    const float median = median_of(frequencies);
    for (uint32_t i = 0; i < VL_PHASH_BITS; i++)
        hash |= (uint64_t)(frequencies[i] > median) << i;
    return hash;
}

void vl_fingerprint_take(const vl_fingerprint_key *key, const vl_letterbox *box, const float *planes,
                         vl_fingerprint_scratch *scratch, vl_fingerprint *out)
{
    int16_t *tile = out->tiles;

    out->tile_columns = tiles_along(box->fitted_width);
    out->tile_rows = tiles_along(box->fitted_height);
    memset(scratch->bins, 0, sizeof scratch->bins);
    memset(scratch->bin_pixels, 0, sizeof scratch->bin_pixels);
    for (uint32_t row = 0; row < out->tile_rows; row++) {
        convert_rows(box, planes, row * VL_TILE_SIDE, scratch);
        add_to_bins(box, row * VL_TILE_SIDE, scratch);
        for (uint32_t column = 0; column < out->tile_columns; column++) {
            take_tile(key->signs[(row * 5 + column) % VL_SIGN_SETS], scratch, column * VL_TILE_SIDE, tile);
            tile += VL_TILE_VALUES;
        }
    }
    out->phash = hash_of(key, scratch);
}

bool vl_fingerprint_is_same(const vl_fingerprint *a, const vl_fingerprint *b)
{
    static const int32_t limits[VL_TILE_VALUES] = {LUMA_LIMIT, COLOUR_LIMIT, COLOUR_LIMIT, SUM_LIMIT,
                                                   SUM_LIMIT,  SUM_LIMIT,    SUM_LIMIT,    SUM_LIMIT};
    const size_t tiles = (size_t)a->tile_columns * a->tile_rows;

    if (a->tile_columns != b->tile_columns || a->tile_rows != b->tile_rows) return false;
    for (size_t i = 0; i < tiles; i++) {
        uint32_t exceeded = 0;

        for (uint32_t k = 0; k < VL_TILE_VALUES; k++) {
            const int32_t difference = a->tiles[i * VL_TILE_VALUES + k] - b->tiles[i * VL_TILE_VALUES + k];

            exceeded |= (uint32_t)(difference > limits[k] || difference < -limits[k]);
        }
        if (exceeded != 0) return false;
    }
    return true;
}
