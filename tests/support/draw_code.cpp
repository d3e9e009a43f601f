#include "support/draw_code.h"

#include <cmath>
#include <string>

#include <ZXing/BitMatrix.h>
#include <ZXing/MultiFormatWriter.h>

namespace
{

ZXing::BarcodeFormat format_of(drawn_kind kind)
{
    switch (kind) {
    case DRAWN_QR:
        return ZXing::BarcodeFormat::QRCode;
    case DRAWN_CODE_128:
        return ZXing::BarcodeFormat::Code128;
    case DRAWN_EAN_13:
        return ZXing::BarcodeFormat::EAN13;
    case DRAWN_DATA_MATRIX:
        return ZXing::BarcodeFormat::DataMatrix;
    case DRAWN_AZTEC:
        return ZXing::BarcodeFormat::Aztec;
    default:
        return ZXing::BarcodeFormat::PDF417;
    }
}

/* 1 dark, 0 light, -1 outside of code and quiet zone. */
int module_at(const ZXing::BitMatrix &code, const drawn_code &how, double rows, double x, double y)
{
    const double angle = how.degrees * 3.14159265358979 / 180;
    const double dx = (x - how.x) / how.module, dy = (y - how.y) / how.module;
    const double u = dx * std::cos(angle) + dy * std::sin(angle) + code.width() / 2.0;
    const double v = dy * std::cos(angle) - dx * std::sin(angle) + rows / 2;
    const double quiet = 6;

    if (u < -quiet || v < -quiet || u >= code.width() + quiet || v >= rows + quiet) return -1;
    if (u < 0 || v < 0 || u >= code.width() || v >= rows) return 0;
    return code.get(static_cast<int>(u), static_cast<int>(v * code.height() / rows)) ? 1 : 0;
}

} // namespace

bool draw_code(uint8_t *pixels, uint32_t width, uint32_t height, const drawn_code *how, uint8_t *mask)
{
    try {
        const bool is_linear = how->kind == DRAWN_CODE_128 || how->kind == DRAWN_EAN_13;
        const ZXing::BitMatrix code =
            ZXing::MultiFormatWriter(format_of(how->kind)).setMargin(0).encode(std::string(how->text), 1, 1);
        const double rows = is_linear ? how->tall : code.height();
        const double reach = (std::hypot(code.width(), rows) / 2 + 10) * how->module;
        const auto clipped = [](double at, uint32_t side) {
            return static_cast<uint32_t>(std::fmin(std::fmax(at, 0), static_cast<double>(side)));
        };
        for (uint32_t y = clipped(how->y - reach, height); y < clipped(how->y + reach, height); y++) {
            for (uint32_t x = clipped(how->x - reach, width); x < clipped(how->x + reach, width); x++) {
                int dark = 0, all = 0;
                for (int k = 0; k < 16; k++) { /* 4x4 samples a pixel */
                    const int one = module_at(code, *how, rows, x + (k % 4 + 0.5) / 4, y + (k / 4 + 0.5) / 4);
                    dark += one == 1;
                    all += one >= 0;
                }
                const size_t at = static_cast<size_t>(y) * width + x;
                if (all > 0) pixels[at] = static_cast<uint8_t>((pixels[at] * (16 - all) + 240 * all - 220 * dark) / 16);
                if (mask != nullptr && dark > 8) mask[at] = 1;
            }
        }
        return true;
    } catch (...) {
        return false;
    }
}
