/* Operator rows: the text with four entities under each operator as the sanitizer's rule, and the way back. DATE_SHIFT meets
 * no date in it: its row is the cost of having the rule. */
#include "inputs.h"
#include "rows.h"

#include <stdio.h>
#include <string.h>

#define ROW       "operator.four116"
#define OUT_BYTES 4096u

typedef struct operator_work {
    veil_sanitizer *sanitizer;
    veil_text_options options;
    char hidden[OUT_BYTES];
    size_t hidden_bytes;
    char out[OUT_BYTES];
    veil_status status;
} operator_work;

static void run_redact(void *context)
{
    operator_work *work = context;
    size_t out_bytes = 0;
    work->status |= veil_text_redact(work->sanitizer, &work->options, bench_text_four116, 116, work->out, OUT_BYTES,
                                     &out_bytes, NULL, NULL);
    bench_keep(work->out);
}

static void run_restore(void *context)
{
    operator_work *work = context;
    size_t out_bytes = 0;
    work->status |= veil_text_restore(work->sanitizer, NULL, work->hidden, work->hidden_bytes, work->out, OUT_BYTES,
                                      &out_bytes, NULL, NULL);
    bench_keep(work->out);
}

static bool make(bench_report *report, operator_work *work, uint32_t op, uint32_t cipher)
{
    veil_sanitizer *sanitizer = NULL;
    veil_config config;
    veil_error error = VEIL_ERROR_INIT;
    const veil_operator_rule rule = {
        .struct_size = sizeof rule, .entity = op == VEIL_OP_DATE_SHIFT ? "DATE_TIME" : "*", .op = op, .cipher = cipher};
    bench_pin(report, false);
    veil_config_init(&config);
    config.modalities = VEIL_MODALITY_TEXT;
    config.operators = &rule;
    config.operator_count = 1;
    config.key = "a key of 32 bytes for benchmarks";
    config.key_bytes = 32;
    if (veil_sanitizer_create(&config, &sanitizer, &error) != VEIL_OK) {
        bench_cannot(report, ROW, error.message);
        return false;
    }
    work->sanitizer = sanitizer;
    veil_text_options_init(&work->options);
    if (op == VEIL_OP_DATE_SHIFT) work->options.subject = "somebody";
    bench_pin(report, true);
    return true;
}

static void measure(bench_report *report, operator_work *work, const char *name, uint32_t op, uint32_t cipher)
{
    if (!make(report, work, op, cipher)) return;
    work->status = VEIL_OK;
    const bench_case cases[] = {{ROW, name, run_redact, NULL, work, 116, 0, 0, NULL},
                                {ROW, "restore tokens", run_restore, NULL, work, 0, 0, 0, NULL}};
    if (op == VEIL_OP_TOKEN)
        work->status = veil_text_redact(work->sanitizer, &work->options, bench_text_four116, 116, work->hidden,
                                        OUT_BYTES, &work->hidden_bytes, NULL, NULL);
    bench_run(report, cases, op == VEIL_OP_TOKEN ? 2 : 1);
    if (work->status != VEIL_OK) bench_cannot(report, ROW, "a call failed");
    veil_sanitizer_destroy(work->sanitizer);
}

void bench_rows_operators(bench_report *report)
{
    static const struct {
        const char *name;
        uint32_t op, cipher;
    } rows[] = {{"replace", VEIL_OP_REPLACE, 0},
                {"redact", VEIL_OP_REDACT, 0},
                {"mask", VEIL_OP_MASK, 0},
                {"hash", VEIL_OP_HASH, 0},
                {"encrypt gcm", VEIL_OP_ENCRYPT, VEIL_CIPHER_GCM},
                {"encrypt siv", VEIL_OP_ENCRYPT, VEIL_CIPHER_SIV},
                {"encrypt cbc", VEIL_OP_ENCRYPT, VEIL_CIPHER_CBC},
                {"fpe", VEIL_OP_FPE, 0},
                {"pseudonym", VEIL_OP_PSEUDONYM, 0},
                {"date-shift", VEIL_OP_DATE_SHIFT, 0},
                {"token", VEIL_OP_TOKEN, 0}};
    static operator_work work;
    if (!bench_wants(report, ROW)) return;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        measure(report, &work, rows[i].name, rows[i].op, rows[i].cipher);
}
