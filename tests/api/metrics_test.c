/* The snapshot counts what was done; the Prometheus text is what the exposition format 0.0.4 says, and says the same. */
#include "api_support.h"

#include <ctype.h>
#include <locale.h>
#include <stdbool.h>

#define BAD VEIL_ERR_INVALID_ARGUMENT

static void counts_are_exact(void **state)
{
    (void)state;
    veil_config config;
    config_for(&config, VEIL_MODALITY_TEXT);
    config.metrics = VEIL_METRICS_FULL;
    veil_sanitizer *s = make(&config);
    veil_text_result result = {sizeof result, NULL, 0, 0};
    for (int i = 0; i < 10; i++)
        assert_int_equal(veil_text_scan(s, NULL, "clean", 5, &result, NULL), VEIL_OK);
    assert_int_equal(veil_text_scan(s, NULL, SAMPLE, sizeof SAMPLE - 1, &result, NULL), VEIL_ERR_BUFFER_TOO_SMALL);
    assert_int_equal(veil_text_scan(s, NULL, NULL, 3, &result, NULL), BAD);
    char out[64];
    size_t out_bytes = 0;
    assert_int_equal(veil_text_redact(s, NULL, SAMPLE, sizeof SAMPLE - 1, out, sizeof out, &out_bytes, NULL, NULL),
                     VEIL_OK);
    veil_metrics m = {.struct_size = sizeof m};
    assert_int_equal(veil_metrics_snapshot(s, &m), VEIL_OK);
    const veil_operation_metrics *scan = &m.operations[VEIL_METRIC_TEXT_SCAN];
    assert_int_equal(scan->calls, 12);
    assert_int_equal(scan->errors, 2);
    assert_int_equal(scan->bytes, 50 + sizeof SAMPLE - 1);
    assert_int_equal(scan->samples, 11); /* a refused call is not timed */
    assert_true(scan->p50_ns > 0 && scan->p50_ns <= scan->p99_ns && scan->p99_ns <= scan->max_ns);
    assert_int_equal(m.operations[VEIL_METRIC_TEXT_REDACT].calls, 1);
    assert_int_equal(m.findings, 2);
    assert_true(m.live_recognizers > 0);
    assert_true(m.pool_bytes > 0);
    veil_sanitizer_destroy(s);
}

static void snapshot_checks_and_fits_the_callers_struct(void **state)
{
    (void)state;
    veil_sanitizer *s = make_for(VEIL_MODALITY_TEXT);
    veil_metrics m = {.struct_size = sizeof m};
    assert_int_equal(veil_metrics_snapshot(NULL, &m), BAD);
    assert_int_equal(veil_metrics_snapshot(s, NULL), BAD);
    m.struct_size = 4;
    assert_int_equal(veil_metrics_snapshot(s, &m), BAD);
    memset(&m, 0xee, sizeof m);
    m.struct_size = 16;
    assert_int_equal(veil_metrics_snapshot(s, &m), VEIL_OK);
    assert_int_equal(m.struct_size, 16);
    assert_int_equal(m.operations[0].errors, 0xeeeeeeeeeeeeeeee);
    veil_sanitizer_destroy(s);
}

static void prometheus_checks_and_reports_its_size(void **state)
{
    (void)state;
    veil_sanitizer *s = make_for(VEIL_MODALITY_TEXT);
    char out[64];
    size_t needed = 0;
    assert_int_equal(veil_metrics_prometheus(NULL, out, sizeof out, &needed), BAD);
    assert_int_equal(veil_metrics_prometheus(s, out, sizeof out, NULL), BAD);
    assert_int_equal(veil_metrics_prometheus(s, NULL, 5, &needed), BAD);
    assert_int_equal(veil_metrics_prometheus(s, NULL, 0, &needed), VEIL_ERR_BUFFER_TOO_SMALL);
    assert_true(needed > 100);
    char *page = malloc(needed);
    size_t written = 0;
    assert_int_equal(veil_metrics_prometheus(s, page, needed, &written), VEIL_OK);
    assert_int_equal(written, needed - 1);
    assert_int_equal(strlen(page), written);
    memset(page, 'x', needed);
    assert_int_equal(veil_metrics_prometheus(s, page, needed - 1, &written), VEIL_ERR_BUFFER_TOO_SMALL);
    assert_int_equal(written, needed);
    assert_int_equal(page[0], 0);
    free(page);
    veil_sanitizer_destroy(s);
}

/* ---- The format, read line by line ---- */

static bool is_name(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (!islower((unsigned char)text[i]) && text[i] != '_' && !(i > 0 && isdigit((unsigned char)text[i])))
            return false;
    return length > 0;
}

/* name{label="value",...} number */
static bool is_sample(const char *line, const char *family)
{
    const size_t name = strcspn(line, "{ ");
    if (!is_name(line, name) || strncmp(line, family, strlen(family)) != 0) return false;
    const char *at = line + name;
    if (*at == '{') {
        do {
            at++;
            const size_t label = strcspn(at, "=");
            if (!is_name(at, label) || at[label + 1] != '"') return false;
            at += label + 2;
            at += strcspn(at, "\"\\\n");
            if (*at++ != '"') return false;
        } while (*at == ',');
        if (*at++ != '}') return false;
    }
    if (*at++ != ' ') return false;
    const size_t digits = strspn(at, "0123456789");
    at += digits;
    if (*at == '.') at += 1 + strspn(at + 1, "0123456789");
    return digits > 0 && *at == '\0';
}

static void check_page(char *page)
{
    char family[80] = "";
    bool has_type = false;
    size_t families = 0;
    size_t samples = 0;
    assert_int_equal(page[strlen(page) - 1], '\n');
    for (char *line = strtok(page, "\n"); line != NULL; line = strtok(NULL, "\n")) {
        char name[80];
        char type[16];
        if (sscanf(line, "# HELP %79s", name) == 1) {
            assert_string_not_equal(name, family);
            strcpy(family, name);
            has_type = false;
            families++;
        } else if (sscanf(line, "# TYPE %79s %15s", name, type) == 2) {
            assert_string_equal(name, family);
            assert_true(strcmp(type, "counter") == 0 || strcmp(type, "gauge") == 0 || strcmp(type, "summary") == 0);
            if (strcmp(type, "counter") == 0) assert_string_equal(name + strlen(name) - 6, "_total");
            has_type = true;
        } else {
            if (!has_type || !is_sample(line, family)) fail_msg("not a sample of %s: %s", family, line);
            samples++;
        }
    }
    assert_true(families >= 14 && samples > families);
}

static char *page_of(const veil_sanitizer *s)
{
    static char page[32768];
    size_t written = 0;
    assert_int_equal(veil_metrics_prometheus(s, page, sizeof page, &written), VEIL_OK);
    return page;
}

static void prometheus_text_is_well_formed_and_true(void **state)
{
    (void)state;
    (void)setlocale(LC_ALL,
                    "de_DE.UTF-8"); /* a comma as decimal point must not reach the page (when it is installed) */
    veil_config config;
    config_for(&config, VEIL_MODALITY_TEXT);
    config.metrics = VEIL_METRICS_FULL;
    veil_sanitizer *s = make(&config);
    veil_text_result result = {sizeof result, NULL, 0, 0};
    for (int i = 0; i < 3; i++)
        assert_int_equal(veil_text_scan(s, NULL, "clean", 5, &result, NULL), VEIL_OK);
    const char *page = page_of(s);
    assert_non_null(strstr(page, "veil_calls_total{operation=\"text_scan\"} 3\n"));
    assert_non_null(strstr(page, "veil_input_bytes_total{operation=\"text_scan\"} 15\n"));
    assert_non_null(strstr(page, "veil_call_duration_seconds{operation=\"text_scan\",quantile=\"0.99\"} 0.0"));
    assert_non_null(strstr(page, "veil_call_duration_seconds_count{operation=\"text_scan\"} 3\n"));
    const char *sum = strstr(page, "veil_call_duration_seconds_sum{operation=\"text_scan\"} 0.");
    assert_non_null(sum);
    veil_metrics m = {.struct_size = sizeof m};
    assert_int_equal(veil_metrics_snapshot(s, &m), VEIL_OK);
    const uint64_t sum_ns = strtoull(strchr(sum, '.') + 1, NULL, 10);
    assert_in_range(sum_ns, m.operations[VEIL_METRIC_TEXT_SCAN].max_ns, 3 * m.operations[VEIL_METRIC_TEXT_SCAN].max_ns);
    assert_non_null(strstr(page, "veil_job_wait_seconds{quantile=\"0.5\"} 0.000000000\n"));
    assert_non_null(strstr(page, "\nveil_job_wait_seconds_sum 0.000000000\nveil_job_wait_seconds_count 0\n"));
    assert_non_null(strstr(page, "veil_build_info{version=\"0.1.0\"} 1\n"));
    check_page(page_of(s));
    veil_sanitizer_destroy(s);
    (void)setlocale(LC_ALL, "C");
}

static void metrics_can_be_switched_off(void **state)
{
    (void)state;
    veil_config config;
    config_for(&config, VEIL_MODALITY_TEXT);
    config.metrics = VEIL_METRICS_OFF;
    veil_sanitizer *s = make(&config);
    veil_text_result result = {sizeof result, NULL, 0, 0};
    assert_int_equal(veil_text_scan(s, NULL, "clean", 5, &result, NULL), VEIL_OK);
    veil_metrics m = {.struct_size = sizeof m};
    assert_int_equal(veil_metrics_snapshot(s, &m), VEIL_OK);
    assert_int_equal(m.operations[VEIL_METRIC_TEXT_SCAN].samples, 0);
    check_page(page_of(s));
    veil_sanitizer_destroy(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counts_are_exact),
        cmocka_unit_test(snapshot_checks_and_fits_the_callers_struct),
        cmocka_unit_test(prometheus_checks_and_reports_its_size),
        cmocka_unit_test(prometheus_text_is_well_formed_and_true),
        cmocka_unit_test(metrics_can_be_switched_off),
    };
    return cmocka_run_group_tests_name("metrics", tests, NULL, NULL);
}
