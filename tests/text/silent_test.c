/*
 * An engine that matches nothing and says so to nobody (THREATS row 16): this program's hs_scan stands in for Hyperscan's,
 * and creation must fail.
 */
#include "text/scan_fixture.h"

int hs_scan(const void *db, const char *data, unsigned length, unsigned flags, void *scratch, void *on_event,
            void *context);

int hs_scan(const void *db, const char *data, unsigned length, unsigned flags, void *scratch, void *on_event,
            void *context)
{
    (void)db, (void)data, (void)length, (void)flags, (void)scratch, (void)on_event, (void)context;
    return 0;
}

static void creation_fails_when_the_engine_is_silent(void **state)
{
    (void)state;
    veil_config config;
    veil_sanitizer *sanitizer = NULL;
    veil_error error = VEIL_ERROR_INIT;
    veil_config_init(&config);
    config.modalities = VEIL_MODALITY_TEXT;
    assert_int_equal(veil_sanitizer_create(&config, &sanitizer, &error), VEIL_ERR_SELF_TEST);
    assert_null(sanitizer);
    assert_non_null(strstr(error.message, "known answer"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(creation_fails_when_the_engine_is_silent)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
