/* The only file that sees ZXing. What it throws becomes a status; it prints nothing and keeps nothing. */
#define ZX_USE_UTF8

#include "image/zxing_codes.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <new>
#include <string>
#include <vector>

#include <ZXing/ReadBarcode.h>
#include <ZXing/ZXVersion.h>

#include "image/code_bars.h"
#include "image/code_finders.h"

#define VL_TEXT_OF(x)  #x
#define VL_VALUE_OF(x) VL_TEXT_OF(x)

namespace
{

const ZXing::BarcodeFormats qr_formats = ZXing::BarcodeFormat::QRCode | ZXing::BarcodeFormat::MicroQRCode;

const ZXing::BarcodeFormats linear_formats = ZXing::BarcodeFormat::LinearCodes;

const ZXing::BarcodeFormats matrix_formats =
    ZXing::BarcodeFormat::Aztec | ZXing::BarcodeFormat::DataMatrix | ZXing::BarcodeFormat::MaxiCode;

/* The reader keeps symbols in 8 bits: beyond this many it stops without a word. */
constexpr uint8_t symbols_max = 255;

constexpr int rounds_max = 255; /* each finds something */

constexpr int part_min = 64;    /* pixels; two thirds of the least side of a code that can be read */
constexpr int parts_max = 1024; /* a sheet of 500 codes takes some hundred */

ZXing::DecodeHints hints_for(uint32_t kinds)
{
    ZXing::DecodeHints hints;
    ZXing::BarcodeFormats formats;
    const bool is_thorough = (kinds & VL_CODES_QUICK) == 0;

    if ((kinds & VL_CODES_QR) != 0) formats |= qr_formats;
    if ((kinds & VL_CODES_BARS) != 0) formats |= ZXing::BarcodeFormat::PDF417;
    if ((kinds & VL_CODES_MATRIX) != 0) formats |= matrix_formats;
    /* A code that is damaged for this reader may be whole for another one. */
    return hints.setFormats(formats)
        .setTryHarder(is_thorough)
        .setTryRotate(true)
        .setTryDownscale(is_thorough)
        .setMaxNumberOfSymbols(symbols_max)
        .setReturnErrors(true);
}

constexpr int corner_max = 1 << 18; /* pixels; sums of four stay far from the ends of an int */

void wipe(std::string &text)
{
    explicit_bzero(text.data(), text.size());
}

using tones = std::array<uint8_t, 256>;

constexpr int faint_min = 12; /* levels between ink and paper; less is noise */

/*
 * What each tone becomes. The reader takes an even area for ink where it is darker than half of the paper beside it (ZXing's
 * HybridBinarizer), which faint ink is not: where it is not darker than a third, tones are spread from black to white, all but the
 * outermost 0.2 %.
 */
tones tones_of(const uint8_t *plane, int width, int height, size_t stride_bytes, bool is_inverted)
{
    std::array<size_t, 256> counts = {};
    size_t all = 0;
    tones map;

    for (int y = height > 4 ? 2 : 0; y < height; y += 4, all += static_cast<size_t>(width)) {
        for (int x = 0; x < width; x++)
            counts[plane[y * stride_bytes + x]]++;
    }
    int low = 0, high = 255;
    for (size_t below = counts[0]; below <= all / 500 && low < 255; below += counts[low])
        low++;
    for (size_t above = counts[255]; above <= all / 500 && high > 0; above += counts[high])
        high--;
    const bool is_faint = high - low >= faint_min && low * 3 >= high;
    for (int i = 0; i < 256; i++) {
        const int tone = is_faint ? std::clamp((i - low) * 255 / (high - low), 0, 255) : i;
        map[i] = static_cast<uint8_t>(is_inverted ? 255 - tone : tone);
    }
    return map;
}

/* A copy of the plane in which codes that were read are painted over. */
struct canvas {
    std::vector<uint8_t> pixels;
    int width;
    int height;

    canvas(const uint8_t *plane, int w, int h, size_t stride_bytes, bool is_inverted)
        : pixels(static_cast<size_t>(w) * h), width(w), height(h)
    {
        const tones map = tones_of(plane, w, h, stride_bytes, is_inverted);
        for (int y = 0; y < h; y++) {
            const uint8_t *row = plane + y * stride_bytes;
            std::transform(row, row + w, pixels.begin() + static_cast<ptrdiff_t>(y) * w,
                           [&map](uint8_t value) { return map[value]; });
        }
    }
    canvas(const canvas &) = delete;
    canvas &operator=(const canvas &) = delete;
    ~canvas()
    {
        explicit_bzero(pixels.data(), pixels.size()); /* it held the picture */
    }

    bool is_dark(int x, int y, int limit) const
    {
        return pixels[static_cast<size_t>(y) * width + x] < limit;
    }
};

struct box {
    int x0, y0, x1, y1; /* inclusive */
};

struct quad {
    int32_t corners[4][2];
};

/* `part` is what was read. */
quad quad_of(const ZXing::Position &at, const box &part)
{
    quad q = {};

    for (int i = 0; i < 4; i++) {
        q.corners[i][0] = std::clamp(at[i].x, -corner_max, corner_max) + part.x0;
        q.corners[i][1] = std::clamp(at[i].y, -corner_max, corner_max) + part.y0;
    }
    return q;
}

quad quad_of(const box &b)
{
    return {{{b.x0, b.y0}, {b.x1, b.y0}, {b.x1, b.y1}, {b.x0, b.y1}}};
}

box box_of(const quad &q, const canvas &on)
{
    box b = {on.width - 1, on.height - 1, 0, 0};

    for (const auto &corner : q.corners) {
        b.x0 = std::min(b.x0, std::clamp(corner[0], 0, on.width - 1));
        b.y0 = std::min(b.y0, std::clamp(corner[1], 0, on.height - 1));
        b.x1 = std::max(b.x1, std::clamp(corner[0], 0, on.width - 1));
        b.y1 = std::max(b.y1, std::clamp(corner[1], 0, on.height - 1));
    }
    return b;
}

/* Whether the line at `to` crosses the same bars as the line at `from`: four fifths of its pixels are as dark or as light. */
bool is_alike(const canvas &on, const box &b, bool is_flat, int from, int to)
{
    const int first = is_flat ? b.x0 : b.y0, last = is_flat ? b.x1 : b.y1;
    int darkest = 255, lightest = 0, same = 0;

    for (int i = first; i <= last; i++) {
        const int value =
            on.pixels[is_flat ? static_cast<size_t>(from) * on.width + i : static_cast<size_t>(i) * on.width + from];
        darkest = std::min(darkest, value);
        lightest = std::max(lightest, value);
    }
    const int limit = (darkest + lightest + 1) / 2;
    for (int i = first; i <= last; i++)
        same += is_flat ? on.is_dark(i, from, limit) == on.is_dark(i, to, limit)
                        : on.is_dark(from, i, limit) == on.is_dark(to, i, limit);
    return same * 5 >= (last - first + 1) * 4;
}

/* The reader stops at the second line that says the same: the box grows along the bars as far as they go on. */
box whole_bars(const canvas &on, box b)
{
    const bool is_flat = b.x1 - b.x0 >= b.y1 - b.y0;
    int &low = is_flat ? b.y0 : b.x0, &high = is_flat ? b.y1 : b.x1;
    const int seed = (low + high) / 2, end = is_flat ? on.height : on.width;

    while (low > 0 && is_alike(on, b, is_flat, seed, low - 1))
        low--;
    while (high + 1 < end && is_alike(on, b, is_flat, seed, high + 1))
        high++;
    return b;
}

/* Where the line at `y` cuts the shape, which is taken to be convex: what lies between its outermost cuts. True when that was not paper. */
bool paint_line(canvas &on, const quad &q, int y)
{
    double low = on.width, high = -1;

    for (int i = 0; i < 4; i++) {
        const int32_t *a = q.corners[i], *b = q.corners[(i + 1) % 4];
        if (std::min(a[1], b[1]) > y || std::max(a[1], b[1]) < y) continue;
        const double part = a[1] == b[1] ? 0 : static_cast<double>(y - a[1]) / (b[1] - a[1]);
        const double x = a[0] + part * (b[0] - a[0]);
        low = std::min({low, x, a[1] == b[1] ? static_cast<double>(b[0]) : x});
        high = std::max({high, x, a[1] == b[1] ? static_cast<double>(b[0]) : x});
    }
    const int from = static_cast<int>(std::max(low - 1, 0.0));
    const int to = static_cast<int>(std::min(high + 1, on.width - 1.0));
    if (from > to) return false;
    const auto first = on.pixels.begin() + static_cast<ptrdiff_t>(y) * on.width + from, end = first + (to - from + 1);
    const bool has_ink = std::any_of(first, end, [](uint8_t value) { return value != 255; });
    std::fill(first, end, uint8_t{255});
    return has_ink;
}

/* False when nothing changed. */
bool paint_over(canvas &on, const quad &q)
{
    const box b = box_of(q, on);
    bool has_ink = false;

    for (int y = b.y0; y <= b.y1; y++)
        has_ink = paint_line(on, q, y) || has_ink;
    return has_ink;
}

/* Of MaxiCode the reader does not say where it is. */
bool is_nowhere(const quad &q)
{
    return q.corners[0][0] == q.corners[2][0] && q.corners[0][1] == q.corners[2][1];
}

/* Everything a search needs. */
struct search {
    canvas on;
    vl_code_fn take;
    void *user;
    int parts; /* of crowded planes that were read */
    bool is_coarse;
};

veil_status give(search &s, const ZXing::Result &result, const quad &at)
{
    std::string text = result.isValid() ? result.text() : std::string();
    vl_code code = {};

    std::copy_n(&at.corners[0][0], 8, &code.corners[0][0]);
    code.is_qr = qr_formats.testFlag(result.format());
    code.is_linear = linear_formats.testFlag(result.format());
    code.is_whole = result.isValid();
    code.payload = text.data();
    code.payload_bytes = text.size();
    const veil_status status = s.take(s.user, &code);
    wipe(text);
    return status;
}

/* Bars: as they were read, which tells the slant, followed along the slant, and straight across. */
veil_status give_bars(search &s, const ZXing::Result &result, const quad &read, bool *has_changed)
{
    const quad straight = quad_of(whole_bars(s.on, box_of(read, s.on)));
    quad whole = read;

    vl_code_bars_extend(s.on.pixels.data(), static_cast<uint32_t>(s.on.width), static_cast<uint32_t>(s.on.height),
                        whole.corners);
    veil_status status = give(s, result, read);
    if (status == VEIL_OK) status = give(s, result, straight);
    *has_changed = paint_over(s.on, whole) || *has_changed;
    *has_changed = paint_over(s.on, straight) || *has_changed;
    return status;
}

veil_status give_matrix(search &s, const ZXing::Result &result, const quad &at, bool *has_changed)
{
    if (!is_nowhere(at)) *has_changed = paint_over(s.on, at) || *has_changed;
    return give(s, result, at);
}

/* False when the reader throws, which it does over corners that belong to several QR codes. */
bool try_read(const ZXing::ImageView &view, const ZXing::DecodeHints &hints, ZXing::Results *results)
{
    try {
        *results = ZXing::ReadBarcodes(view, hints);
        return true;
    } catch (const std::bad_alloc &) {
        throw;
    } catch (...) {
        return false;
    }
}

/*
 * What was read is painted over, and the rest is read again until nothing more is found: codes beside each other hide one another. With
 * bars version 1.4 ends the process (an assertion in Result.cpp) where a picture holds the same ones twice and it may answer
 * with both, so bars are read one at a time.
 */
veil_status read_all(search &s, const box &part, const ZXing::DecodeHints &hints, bool is_linear, int *found)
{
    const ZXing::ImageView view(s.on.pixels.data() + static_cast<size_t>(part.y0) * s.on.width + part.x0,
                                part.x1 - part.x0 + 1, part.y1 - part.y0 + 1, ZXing::ImageFormat::Lum, s.on.width);

    *found = 0;
    for (int round = 0; round < rounds_max; round++) {
        ZXing::Results results;
        if (!try_read(view, hints, &results)) return VEIL_ERR_INTERNAL;
        bool has_changed = false;
        for (const ZXing::Result &result : results) {
            const quad at = quad_of(result.position(), part);
            const veil_status status =
                is_linear ? give_bars(s, result, at, &has_changed) : give_matrix(s, result, at, &has_changed);
            if (status != VEIL_OK) return status;
            *found += has_changed;
        }
        if (!has_changed) return VEIL_OK; /* the next round would say the same */
    }
    return VEIL_ERR_LIMIT; /* there may be more */
}

bool is_crowded(const search &s, const box &part)
{
    const int64_t pixels = static_cast<int64_t>(part.x1 - part.x0 + 1) * (part.y1 - part.y0 + 1);

    if (pixels < part_min * part_min * 4) return false; /* no room for so many that could be read */
    return vl_code_finders_count(s.on.pixels.data() + static_cast<size_t>(part.y0) * s.on.width + part.x0,
                                 static_cast<size_t>(s.on.width), static_cast<uint32_t>(part.x1 - part.x0 + 1),
                                 static_cast<uint32_t>(part.y1 - part.y0 + 1)) > VL_CODE_FINDERS_MAX;
}

/* Ninths that overlap by half, so that each code lies whole in one of them or in what they are parts of. */
box ninth_of(const box &whole, int at)
{
    const int w = (whole.x1 - whole.x0 + 2) / 2, h = (whole.y1 - whole.y0 + 2) / 2;
    const int x = whole.x0 + at % 3 * (whole.x1 - whole.x0 + 1 - w) / 2,
              y = whole.y0 + at / 3 * (whole.y1 - whole.y0 + 1 - h) / 2;

    return {x, y, x + w - 1, y + h - 1};
}

/* QR codes in a plane that has too many of them to be read at once, or over which the reader failed: the parts first, so that little is
 * left of the whole. So many in a small part are none that can be read, but may hide some that can. */
veil_status read_crowd(search &s, const box &part, const ZXing::DecodeHints &hints, bool is_failed)
{
    veil_status status = VEIL_OK;
    int found = 0;

    if (++s.parts > parts_max) return VEIL_ERR_LIMIT;
    if (!is_failed && !is_crowded(s, part)) {
        status = read_all(s, part, hints, false, &found);
        if (status != VEIL_ERR_INTERNAL) return status;
    }
    const veil_status crowded = s.is_coarse ? VEIL_OK : VEIL_ERR_LIMIT;
    if (std::min(part.x1 - part.x0, part.y1 - part.y0) < 2 * part_min) return crowded;
    for (int at = 0; at < 9; at++) {
        status = read_crowd(s, ninth_of(part, at), hints, false);
        if (status != VEIL_OK) return status;
    }
    return is_crowded(s, part) ? crowded : read_all(s, part, hints, false, &found);
}

veil_status read(search &s, uint32_t kinds)
{
    const box whole = {0, 0, s.on.width - 1, s.on.height - 1};
    const bool has_qr = (kinds & VL_CODES_QR) != 0;
    ZXing::DecodeHints hints = hints_for(kinds), bars = hints, qr = hints;
    int found = 0;

    qr.setFormats(qr_formats);
    bars.setFormats(linear_formats).setTryDownscale(false).setMaxNumberOfSymbols(1);
    veil_status status = has_qr && is_crowded(s, whole) ? read_crowd(s, whole, qr, false) : VEIL_OK;
    if (status == VEIL_OK && s.is_coarse && has_qr && is_crowded(s, whole)) { /* what is left cannot be read at once */
        if ((kinds & ~VL_CODES_QR & VL_CODES_ANY) == 0) return VEIL_OK;
        hints = hints_for(kinds & ~static_cast<uint32_t>(VL_CODES_QR));
    }
    while (status == VEIL_OK) {
        status = read_all(s, whole, hints, false, &found);
        if (status == VEIL_ERR_INTERNAL && has_qr && s.parts == 0) {
            status = read_crowd(s, whole, qr, true);
            continue;
        }
        if (status != VEIL_OK || (kinds & VL_CODES_BARS) == 0) return status;
        status = read_all(s, whole, bars, true, &found);
        if (status == VEIL_OK && found == 0) return status;
    }
    return status;
}

} // namespace

veil_status vl_zxing_read(const uint8_t *plane, uint32_t width, uint32_t height, size_t stride_bytes, uint32_t kinds,
                          vl_code_fn take, void *user) noexcept
{
    try {
        search s = {
            {plane, static_cast<int>(width), static_cast<int>(height), stride_bytes, (kinds & VL_CODES_INVERTED) != 0},
            take,
            user,
            0,
            (kinds & VL_CODES_COARSE) != 0};
        return read(s, kinds);
    } catch (const std::bad_alloc &) {
        return VEIL_ERR_NO_MEMORY;
    } catch (...) {
        return VEIL_ERR_INTERNAL;
    }
}

const char *vl_zxing_version(void) noexcept
{
    return "ZXing-C++ " VL_VALUE_OF(ZXING_VERSION_MAJOR) "." VL_VALUE_OF(ZXING_VERSION_MINOR) "." VL_VALUE_OF(
        ZXING_VERSION_PATCH);
}
