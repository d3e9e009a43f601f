/* The only file that sees ZXing. What it throws becomes a status; it prints nothing and keeps nothing. */
#define ZX_USE_UTF8

#include "image/zxing_codes.h"

#include <algorithm>
#include <new>
#include <string>

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
    if ((kinds & VL_CODES_BARS) != 0) formats |= linear_formats | ZXing::BarcodeFormat::PDF417;
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

veil_status give(const ZXing::Result &result, vl_code_fn take, void *user)
{
    std::string text = result.isValid() ? result.text() : std::string();
    const ZXing::Position &at = result.position();
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
        const veil_status status = give(result, take, user);
        if (status != VEIL_OK) return status;
    }
    return VEIL_OK;
}

} // namespace

veil_status vl_zxing_read(const uint8_t *plane, uint32_t width, uint32_t height, size_t stride_bytes, uint32_t kinds,
                          vl_code_fn take, void *user) noexcept
{
    try {
        const ZXing::ImageView image(plane, static_cast<int>(width), static_cast<int>(height), ZXing::ImageFormat::Lum,
                                     static_cast<int>(stride_bytes));
        return read(image, hints_for(kinds), take, user);
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
