// The same from C++: the handle in a unique_ptr, the text in a string.
#include <cstdio>
#include <memory>
#include <string>

#include <veil.h>

int main()
{
    veil_config config;
    veil_config_init(&config);
    config.modalities = VEIL_MODALITY_TEXT;
    veil_sanitizer *handle = nullptr;
    veil_error error = VEIL_ERROR_INIT;
    if (veil_sanitizer_create(&config, &handle, &error) != VEIL_OK) {
        std::fprintf(stderr, "%s: %s\n", veil_status_string(error.status), error.message);
        return 1;
    }
    const std::unique_ptr<veil_sanitizer, void (*)(veil_sanitizer *)> sanitizer(handle, veil_sanitizer_destroy);
    const std::string text = "mail jane.roe@example.com";
    std::string out(64, '\0');
    std::size_t out_bytes = 0;
    const veil_status status = veil_text_redact(sanitizer.get(), nullptr, text.data(), text.size(), &out[0], out.size(),
                                                &out_bytes, nullptr, &error);
    if (status != VEIL_OK) {
        std::fprintf(stderr, "%s: %s\n", veil_status_string(status), error.message);
        return 1;
    }
    out.resize(out_bytes);
    std::printf("%s (%s)\n", out.c_str(), veil_version_string());
    return 0;
}
