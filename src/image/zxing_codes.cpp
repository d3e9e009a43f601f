/* The only file that sees ZXing. What it throws becomes a status; it prints nothing and keeps nothing. */
#define ZX_USE_UTF8

#include "image/zxing_codes.h"

#include <algorithm>
#include <new>
#include <string>
#include <vector>

#include <ZXing/ReadBarcode.h>
#include <ZXing/ZXVersion.h>

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
    volatile char *at = text.data();

    for (size_t i = 0; i < text.size(); i++)
        at[i] = 0;
}

/* A copy of the plane in which bars that were read are painted over. */
struct canvas {
    std::vector<uint8_t> pixels;
    int width;
    int height;

    bool is_dark(int x, int y, int limit) const
    {
        return pixels[static_cast<size_t>(y) * width + x] < limit;
    }
};

struct box {
    int x0, y0, x1, y1; /* inclusive */
};

box box_of(const ZXing::Position &at, const canvas &on)
{
    box b = {on.width - 1, on.height - 1, 0, 0};

    for (int i = 0; i < 4; i++) {
        b.x0 = std::min(b.x0, std::clamp(at[i].x, 0, on.width - 1));
        b.y0 = std::min(b.y0, std::clamp(at[i].y, 0, on.height - 1));
        b.x1 = std::max(b.x1, std::clamp(at[i].x, 0, on.width - 1));
        b.y1 = std::max(b.y1, std::clamp(at[i].y, 0, on.height - 1));
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

void paint_over(canvas &on, const box &b)
{
    for (int y = b.y0; y <= b.y1; y++)
        std::fill_n(on.pixels.begin() + static_cast<ptrdiff_t>(y) * on.width + b.x0, b.x1 - b.x0 + 1, uint8_t{255});
}

veil_status give(const ZXing::Result &result, const ZXing::Position &at, vl_code_fn take, void *user)
{
    std::string text = result.isValid() ? result.text() : std::string();
    vl_code code = {};

    for (int i = 0; i < 4; i++) {
        code.corners[i][0] = std::clamp(at[i].x, -corner_max, corner_max);
        code.corners[i][1] = std::clamp(at[i].y, -corner_max, corner_max);
    }
    code.is_qr = qr_formats.testFlag(result.format());
    code.is_linear = linear_formats.testFlag(result.format());
    code.is_whole = result.isValid();
    code.payload = text.data();
    code.payload_bytes = text.size();
    const veil_status status = take(user, &code);
    wipe(text);
    return status;
}

veil_status read(const ZXing::ImageView &image, const ZXing::DecodeHints &hints, vl_code_fn take, void *user)
{
    const ZXing::Results results = ZXing::ReadBarcodes(image, hints);

    if (results.size() >= symbols_max) return VEIL_ERR_LIMIT; /* there may be more */
    for (const ZXing::Result &result : results) {
        const veil_status status = give(result, result.position(), take, user);
        if (status != VEIL_OK) return status;
    }
    return VEIL_OK;
}

/* One code a call: version 1.4 ends the process (an assertion in Result.cpp) where a picture holds the same bars twice and it
 * may answer with both. So what was read is painted over in a copy, and the copy is read again. */
veil_status read_bars(const uint8_t *plane, int width, int height, size_t stride_bytes, ZXing::DecodeHints hints,
                      vl_code_fn take, void *user)
{
    canvas on = {std::vector<uint8_t>(static_cast<size_t>(width) * height), width, height};
    veil_status status = VEIL_OK;
    int count = 0;

    hints.setFormats(linear_formats).setTryDownscale(false).setMaxNumberOfSymbols(1);
    for (int y = 0; y < height; y++)
        std::copy_n(plane + y * stride_bytes, width, on.pixels.begin() + static_cast<ptrdiff_t>(y) * width);
    const ZXing::ImageView view(on.pixels.data(), width, height, ZXing::ImageFormat::Lum);
    for (; status == VEIL_OK && count < symbols_max; count++) {
        const ZXing::Results results = ZXing::ReadBarcodes(view, hints);
        if (results.empty()) break;
        const box b = whole_bars(on, box_of(results.front().position(), on));
        const ZXing::Position corners({b.x0, b.y0}, {b.x1, b.y0}, {b.x1, b.y1}, {b.x0, b.y1});
        status = give(results.front(), results.front().position(), take, user); /* it tells the slant */
        if (status == VEIL_OK) status = give(results.front(), corners, take, user);
        paint_over(on, b);
    }
    std::fill(on.pixels.begin(), on.pixels.end(), uint8_t{0}); /* it held the picture */
    return status == VEIL_OK && count == symbols_max ? VEIL_ERR_LIMIT : status;
}

} // namespace

veil_status vl_zxing_read(const uint8_t *plane, uint32_t width, uint32_t height, size_t stride_bytes, uint32_t kinds,
                          vl_code_fn take, void *user) noexcept
{
    try {
        const ZXing::ImageView image(plane, static_cast<int>(width), static_cast<int>(height), ZXing::ImageFormat::Lum,
                                     static_cast<int>(stride_bytes));
        const veil_status status = read(image, hints_for(kinds), take, user);
        if (status != VEIL_OK || (kinds & VL_CODES_BARS) == 0) return status;
        return read_bars(plane, static_cast<int>(width), static_cast<int>(height), stride_bytes, hints_for(kinds), take,
                         user);
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
