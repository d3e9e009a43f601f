/*
 * The only file that sees Tesseract. What it says to stderr goes to /dev/null: its messages may quote what it reads. It keeps
 * pixels and text in its own heap until vl_tess_read ends; those are freed, not wiped (src/plugins/README.md).
 */
#include "plugins/tess.h"

#include <memory>
#include <new>
#include <string>

#include <tesseract/baseapi.h>
#include <tesseract/resultiterator.h>

struct vl_tess {
    tesseract::TessBaseAPI api;
};

namespace
{

constexpr int ASSUMED_DPI = 144; /* screens at twice their size; only a hint, and it keeps Tesseract from guessing */

template <typename Body> veil_status guarded(Body body) noexcept
{
    try {
        return body();
    } catch (const std::bad_alloc &) {
        return VEIL_ERR_NO_MEMORY;
    } catch (...) {
        return VEIL_ERR_INTERNAL;
    }
}

veil_status start(vl_tess &tess, const char *data_path)
{
    tess.api.SetVariable("debug_file", "/dev/null");
    if (tess.api.Init(data_path, "eng", tesseract::OEM_LSTM_ONLY) != 0) return VEIL_ERR_MODEL;
    /* Tesseract inverts lines on its own where confidence is low, which doubles the cost of noise: ocr.c sees to polarity. */
    tess.api.SetVariable("tessedit_do_invert", "0");
    tess.api.SetPageSegMode(tesseract::PSM_SPARSE_TEXT);
    return VEIL_OK;
}

veil_status give_words(vl_tess &tess, vl_tess_word_fn word, void *user)
{
    const std::unique_ptr<tesseract::ResultIterator> at(tess.api.GetIterator());
    if (at == nullptr) return VEIL_OK; /* nothing was read */
    do {
        const std::unique_ptr<const char[]> text(at->GetUTF8Text(tesseract::RIL_WORD));
        int left = 0;
        int top = 0;
        int right = 0;
        int bottom = 0;
        if (text == nullptr || text[0] == '\0' || !at->BoundingBox(tesseract::RIL_WORD, &left, &top, &right, &bottom))
            continue;
        const int32_t box[4] = {left, top, right, bottom};
        const float confidence = at->Confidence(tesseract::RIL_WORD) / 100.0F;
        const veil_status status =
            word(user, text.get(), box, confidence, at->IsAtBeginningOf(tesseract::RIL_TEXTLINE));
        if (status != VEIL_OK) return status;
    } while (at->Next(tesseract::RIL_WORD));
    return VEIL_OK;
}

} // namespace

veil_status vl_tess_create(const char *data_path, vl_tess **out) noexcept
{
    *out = nullptr;
    return guarded([&] {
        auto made = std::make_unique<vl_tess>();
        const veil_status status = start(*made, data_path);
        if (status == VEIL_OK) *out = made.release();
        return status;
    });
}

void vl_tess_destroy(vl_tess *tess) noexcept
{
    guarded([&] {
        delete tess;
        return static_cast<veil_status>(VEIL_OK);
    });
}

veil_status vl_tess_read(vl_tess *tess, const uint8_t *pixels, uint32_t width, uint32_t height, vl_tess_word_fn word,
                         void *user) noexcept
{
    const veil_status status = guarded([&] {
        const int w = static_cast<int>(width);
        tess->api.SetImage(pixels, w, static_cast<int>(height), 1, w);
        tess->api.SetSourceResolution(ASSUMED_DPI);
        if (tess->api.Recognize(nullptr) != 0) return static_cast<veil_status>(VEIL_ERR_INTERNAL);
        return give_words(*tess, word, user);
    });
    guarded([&] {
        tess->api.Clear();
        tess->api.ClearAdaptiveClassifier();
        return static_cast<veil_status>(VEIL_OK);
    });
    return status;
}

const char *vl_tess_name(void) noexcept
{
    static const std::string name = []() noexcept {
        try {
            return std::string("Tesseract ") + tesseract::TessBaseAPI::Version();
        } catch (...) {
            return std::string();
        }
    }();
    return name.c_str();
}
