/* Ages and BICs, which only the word before them tells: their forms, what looks like them, many of them, and window ends. */
#include "text/scan_fixture.h"

typedef struct cue_case {
    const char *text;
    const char *value; /* NULL: nothing is found */
} cue_case;

static void check(const char *entity, const cue_case *cases, size_t count)
{
    static found all;
    veil_sanitizer *sanitizer = make_text("en", 0.4f);
    veil_text_options options;
    veil_text_options_init(&options);
    options.entities = &entity;
    options.entity_count = 1;
    for (size_t i = 0; i < count; i++) {
        const cue_case *c = &cases[i];
        scan_text(sanitizer, &options, c->text, strlen(c->text), &all);
        size_t wanted = c->value == NULL ? 0 : 1;
        if (all.count != wanted) fail_msg("%zu findings in \"%s\"", all.count, c->text);
        if (wanted == 0) continue;
        const veil_finding *f = &all.items[0];
        bool is_same =
            f->end - f->start == strlen(c->value) && memcmp(c->text + f->start, c->value, f->end - f->start) == 0;
        if (!is_same) fail_msg("\"%.*s\" in \"%s\"", (int)(f->end - f->start), c->text + f->start, c->text);
    }
    veil_sanitizer_destroy(sanitizer);
}

#define CASES(entity, cases) check(entity, cases, sizeof(cases) / sizeof(cases)[0])

static void ages(void **state)
{
    (void)state;
    static const cue_case cases[] = {
        {"aged 42", "42"},
        {"age: 42", "42"},
        {"Age 42", "42"},
        {"AGE=7", "7"},
        {"at the age of 101", "101"},
        {"her age is 42.", "42"},
        {"{\"age\":42}", "42"},
        {"{\"age\": \"42\"}", "42"},
        {"{\\\"age\\\": 42}", "42"},
        {"userAge=42", "42"},
        {"user_age: 42", "42"},
        {"<age>42</age>", "42"},
        {"age,42,x", "42"},
        {"edad: 42", "42"},
        {"Alter von 42", "42"},
        {"\xC3\xA2ge : 42", "42"},
        {"page 42", NULL},
        {"stage: 3", NULL},
        {"message 42", NULL},
        {"max-age=60", NULL},
        {"age 121", NULL},
        {"age 1234", NULL},
        {"age 4.5", NULL},
        {"age 18-25", NULL},
        {"age 42%", NULL},
        {"age 42nd", NULL},
        {"of that age. 42 people", NULL},
        {"the age group of 42 people", NULL},
        {"age", NULL},
        {"age: ", NULL},
        {"ages 42", NULL},
    };
    CASES("AGE", cases);
}

static void bics(void **state)
{
    (void)state;
    static const cue_case cases[] = {
        {"BIC DEUTDEFF", "DEUTDEFF"},
        {"BIC: DEUTDEFF500", "DEUTDEFF500"},
        {"bic=DEUTDEFF", "DEUTDEFF"},
        {"SWIFT code of the bank: NEDSZAJJXXX", "NEDSZAJJXXX"},
        {"SWIFT/BIC BOFAUS3N", "BOFAUS3N"},
        {"{\"bic\":\"DABADKKK\"}", "DABADKKK"},
        {"SWIFT CODE DEUTDEFF", "DEUTDEFF"},
        {"PLEASE USE SWIFT CODE FOR YOUR ORDER CHASUS33", "CHASUS33"},
        {"DEUTDEFF", NULL},
        {"the DATABASE of the bank", NULL},
        {"SWIFT PAYMENT ABSOLUTE", NULL},
        {"BIC COMPUTER", NULL},
        {"BIC DEUTDEFF5", NULL},
        {"BIC deutdeff", NULL},
        {"cubic DEUTDEFF", NULL},
        {"BIC", NULL},
        {"the BIC was in a word that is far away from this DEUTDEFF", NULL},
    };
    CASES("SWIFT_BIC", cases);
}

/* No byte that another recognizer needs: the early exit must look for the word. */
static void a_bic_alone_is_no_clean_text(void **state)
{
    (void)state;
    static found all;
    static const char text[] = "send it to BIC DEUTDEFF please";
    veil_sanitizer *sanitizer = make_text("en", 0.4f);
    scan_text(sanitizer, NULL, text, strlen(text), &all);
    assert_int_equal(all.count, 1);
    assert_string_equal(all.items[0].entity, "SWIFT_BIC");
    veil_sanitizer_destroy(sanitizer);
}

/* More in a window than its list takes at once. */
static void many_values(void **state)
{
    (void)state;
    enum { BYTES = 60000 };
    static char text[BYTES];
    static char out[4 * BYTES];
    size_t out_bytes;
    veil_sanitizer *sanitizer = make_text("en", 0.4f);
    for (size_t i = 0; i + 6 <= BYTES; i += 6)
        memcpy(text + i, "age 5 ", 6);
    assert_int_equal(veil_text_redact(sanitizer, NULL, text, BYTES, out, sizeof out, &out_bytes, NULL, NULL), VEIL_OK);
    assert_null(memchr(out, '5', out_bytes));
    assert_int_equal(out_bytes, BYTES / 6 * strlen("age <AGE> "));
    veil_sanitizer_destroy(sanitizer);
}

static void values_at_window_ends(void **state)
{
    (void)state;
    static char text[34000];
    static found all;
    static const char tail[] = "BIC of the bank DEUTDEFF and age: 42 ";
    veil_sanitizer *sanitizer = make_text("en", 0.4f);
    for (size_t shift = 15000; shift < 16600; shift++) {
        memset(text, ' ', shift);
        memcpy(text + shift, tail, sizeof tail);
        scan_text(sanitizer, NULL, text, shift + sizeof tail - 1, &all);
        if (all.count != 2 || all.items[0].start != shift + 16 || all.items[1].start != shift + 34)
            fail_msg("%zu findings behind %zu bytes", all.count, shift);
    }
    veil_sanitizer_destroy(sanitizer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ages),
        cmocka_unit_test(bics),
        cmocka_unit_test(many_values),
        cmocka_unit_test(a_bic_alone_is_no_clean_text),
        cmocka_unit_test(values_at_window_ends),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
