/*
 * Units, folding, runs and whole views of arbitrary bytes. The first byte chooses modes. Units must take and give what their
 * header says; decoded runs must lie in their source; findings of the engine must be ordered, lie in the text, and be gone from what
 * is written.
 */
#include <stdlib.h>
#include <string.h>

#include "text/decode.h"
#include "text/decode_runs.h"
#include "veil.h"

#define TEXT_MAX 8192u

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
    if (!holds) abort();
}

static void read_units(const uint8_t *text, size_t size, uint32_t modes)
{
    vl_source source = {text, size, modes, {0, 0, false}, false, 0, 0};
    for (size_t p = 0; p < size;) {
        vl_unit unit;
        vl_unit_read(&source, p, &unit);
        require(unit.length >= 1 && unit.length <= VL_UNIT_MAX && p + unit.length <= size);
        require(unit.count <= 4 && unit.count <= unit.length);
        require(unit.is_changed || (unit.count == unit.length && memcmp(unit.bytes, text + p, unit.count) == 0));
        require(unit.is_changed || !unit.is_mark);
        p += unit.length;
    }
}

static void read_runs(const uint8_t *text, size_t size)
{
    static uint8_t out[TEXT_MAX];
    static uint16_t origin[TEXT_MAX];
    for (size_t p = 0; p < size; p += 1 + size / 16) {
        vl_run_text run;
        vl_run_find(text, size, p, &run);
        require(run.start <= p && run.start <= run.end && run.end <= size);
        require(run.end - run.start <= VL_RUN_MAX + VL_RUN_BACK + 2);
        size_t count = vl_base64_decode(text, run.start, run.end, out, origin, TEXT_MAX);
        require(count <= (run.end - run.start + 3) / 4 * 3);
        for (size_t i = 0; i < count; i++)
            require(origin[i] < run.end - run.start && (i == 0 || origin[i] >= origin[i - 1]));
        require(vl_text_stretch(out, count) <= count);
        require(vl_hex_decode(text, run.start, run.end, out, origin, TEXT_MAX) <= (run.end - run.start) / 2);
    }
}

static veil_sanitizer *sanitizer;

static void scan(const uint8_t *text, size_t size)
{
    static veil_finding findings[TEXT_MAX];
    static char out[16 * TEXT_MAX];
    size_t out_bytes;
    veil_text_result result = {sizeof result, findings, TEXT_MAX, 0};
    require(veil_text_redact(sanitizer, NULL, (const char *)text, size, out, sizeof out, &out_bytes, &result, NULL) ==
            VEIL_OK);
    for (size_t i = 0; i < result.finding_count; i++) {
        require(findings[i].start < findings[i].end && findings[i].end <= size);
        require(i == 0 || findings[i].start >= findings[i - 1].end);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0 || size > TEXT_MAX) return 0;
    if (sanitizer == NULL) {
        veil_config config;
        veil_config_init(&config);
        config.modalities = VEIL_MODALITY_TEXT;
        require(veil_sanitizer_create(&config, &sanitizer, NULL) == VEIL_OK);
    }
    read_units(data + 1, size - 1, data[0] & 15u);
    read_runs(data + 1, size - 1);
    scan(data + 1, size - 1);
    return 0;
}
