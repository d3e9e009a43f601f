/*
 * THREATS row 9: every row's known answer, written with other characters that people or programs read as the same. Recall is
 * printed a mutation and an entity, and bounded; where something is found nothing of it may stay behind.
 */
#include "text/evasion.h"

#include "text/chars.h"

typedef void (*mutate_fn)(char **to, char c, size_t i, uint32_t parameter);

typedef struct mutation {
    const char *name;
    mutate_fn mutate;
    uint32_t parameter;
    unsigned least; /* percent of the rows that it changes */
} mutation;

/* Bytes of what is not ASCII are copied as they are: put_wide writes values from BYTE on as one byte. */
#define BYTE 0x200000u

static uint32_t plain_of(char c)
{
    return (uint8_t)c < 0x80 ? (uint8_t)c : BYTE | (uint8_t)c;
}

static bool goes_on(char c)
{
    return ((uint8_t)c & 0xC0) == 0x80;
}

static void digits_from(char **to, char c, size_t i, uint32_t zero)
{
    (void)i;
    put_wide(to, vl_is_digit(c) ? zero + (uint32_t)(c - '0') : plain_of(c));
}

static void full_width(char **to, char c, size_t i, uint32_t parameter)
{
    (void)i, (void)parameter;
    put_wide(to, c == ' ' ? 0x3000 : c > ' ' && c < 0x7F ? 0xFF01u + (uint32_t)(c - '!') : plain_of(c));
}

/* Mathematical alphabets: capitals at the parameter, small letters behind them; the bold digits. */
static void mathematical(char **to, char c, size_t i, uint32_t capital)
{
    (void)i;
    uint32_t wide = plain_of(c);
    if (c >= 'A' && c <= 'Z') wide = capital + (uint32_t)(c - 'A');
    if (c >= 'a' && c <= 'z') wide = capital + 26 + (uint32_t)(c - 'a');
    if (vl_is_digit(c)) wide = 0x1D7CE + (uint32_t)(c - '0');
    put_wide(to, wide);
}

static void hidden_between(char **to, char c, size_t i, uint32_t hidden)
{
    if (i > 0 && !goes_on(c)) put_wide(to, hidden);
    put_wide(to, plain_of(c));
}

static void hidden_thirds(char **to, char c, size_t i, uint32_t hidden)
{
    if (i > 0 && i % 3 == 0 && !goes_on(c)) put_wide(to, hidden);
    put_wide(to, plain_of(c));
}

static void marks_behind_names(char **to, char c, size_t i, uint32_t mark)
{
    (void)i;
    put_wide(to, plain_of(c));
    if (vl_is_alnum(c)) put_wide(to, mark);
}

static void in_place_of_dash(char **to, char c, size_t i, uint32_t dash)
{
    (void)i;
    put_wide(to, c == '-' ? dash : plain_of(c));
}

static void in_place_of_space(char **to, char c, size_t i, uint32_t space)
{
    (void)i;
    put_wide(to, c == ' ' ? space : plain_of(c));
}

static void in_place_of_dot(char **to, char c, size_t i, uint32_t dot)
{
    (void)i;
    put_wide(to, c == '.' ? dot : c == '@' ? 0xFF20 : plain_of(c));
}

/* Every second letter that has one is replaced by a letter of the alphabet that looks like it. */
static void look_alikes(char **to, char c, size_t i, uint32_t greek)
{
    static const char latin[] = "aceopxyijsABCEHIKMOPTXS";
    static const uint16_t cyrillic[] = {0x430, 0x441, 0x435, 0x43E, 0x440, 0x445, 0x443, 0x456,
                                        0x458, 0x455, 0x410, 0x412, 0x421, 0x415, 0x41D, 0x406,
                                        0x41A, 0x41C, 0x41E, 0x420, 0x422, 0x425, 0x405};
    static const char greek_latin[] = "aoivABEHIKMNOPTXYZ";
    static const uint16_t greeks[] = {0x3B1, 0x3BF, 0x3B9, 0x3BD, 0x391, 0x392, 0x395, 0x397, 0x399,
                                      0x39A, 0x39C, 0x39D, 0x39F, 0x3A1, 0x3A4, 0x3A7, 0x3A5, 0x396};
    const char *at = strchr(greek != 0 ? greek_latin : latin, c);
    bool takes = at != NULL && c != '\0' && i % 2 == 0;
    uint32_t alike = !takes ? plain_of(c) : greek != 0 ? greeks[at - greek_latin] : cyrillic[at - latin];
    put_wide(to, alike);
}

static const mutation mutations[] = {
    {"full-width", full_width, 0, 97},
    {"full-width digits", digits_from, 0xFF10, 100},
    {"Arabic-Indic digits", digits_from, 0x660, 100},
    {"Extended Arabic digits", digits_from, 0x6F0, 100},
    {"Devanagari digits", digits_from, 0x966, 100},
    {"Thai digits", digits_from, 0xE50, 100},
    {"monospace digits", digits_from, 0x1D7F6, 100},
    {"segmented digits", digits_from, 0x1FBF0, 100},
    {"mathematical bold", mathematical, 0x1D400, 99},
    {"zero width space", hidden_between, 0x200B, 97},
    {"zero width joiner", hidden_thirds, 0x200D, 97},
    {"soft hyphen", hidden_thirds, 0xAD, 97},
    {"word joiner", hidden_between, 0x2060, 97},
    {"byte order mark", hidden_thirds, 0xFEFF, 97},
    {"bidi override", hidden_thirds, 0x202E, 97},
    {"bidi isolate", hidden_between, 0x2068, 97},
    {"variation selector", marks_behind_names, 0xFE0F, 99},
    {"tag characters", hidden_thirds, 0xE0041, 97},
    {"combining acute", marks_behind_names, 0x301, 99},
    {"combining keycap", marks_behind_names, 0x20E3, 99},
    {"en dash", in_place_of_dash, 0x2013, 90},
    {"minus", in_place_of_dash, 0x2212, 90},
    {"full-width dash", in_place_of_dash, 0xFF0D, 90},
    {"no-break space", in_place_of_space, 0xA0, 84},
    {"thin space", in_place_of_space, 0x2009, 84},
    {"ideographic space", in_place_of_space, 0x3000, 84},
    {"ideographic stop, wide at", in_place_of_dot, 0x3002, 80},
    {"full-width dot, wide at", in_place_of_dot, 0xFF0E, 80},
    {"Cyrillic look-alikes", look_alikes, 0, 90},
    {"Greek look-alikes", look_alikes, 1, 85},
};

#define MUTATIONS (sizeof mutations / sizeof mutations[0])

static evasion_tally entities[VL_ENTITY_COUNT];

static void try_row(const veil_sanitizer *sanitizer, const mutation *m, size_t row, evasion_tally *tally)
{
    static char text[EVASION_TEXT], plain[EVASION_TEXT], out[EVASION_TEXT];
    static found all;
    const char *sample = vl_rows[row].sample;
    size_t before = (size_t)sprintf(text, "%s", vl_rows[row].before);
    size_t plain_size = (size_t)sprintf(plain, "%s%s", vl_rows[row].before, sample);
    char *at = text + before;
    for (size_t i = 0; sample[i] != '\0'; i++)
        m->mutate(&at, sample[i], i, m->parameter);
    size_t size = (size_t)(at - text);
    *at = '\0';
    if (size == plain_size && memcmp(text, plain, size) == 0) return;
    tally->tried++;
    entities[vl_rows[row].entity].tried++;
    if (!is_covered(sanitizer, row, text, size, before, size, &all)) {
        if (getenv("EVASION_SHOW") != NULL) printf("    %s %s: %s\n", m->name, vl_rows[row].name, text);
        return;
    }
    tally->whole++;
    entities[vl_rows[row].entity].whole++;
    size_t out_size = redact_text(sanitizer, row, text, size, out, sizeof out);
    out[out_size] = '\0';
    if (out_size < before || memcmp(out, text, before) != 0 || out[out_size - 1] != '>')
        fail_msg("%s of %s leaves %s", m->name, vl_rows[row].name, out);
}

static void every_row_is_found_under_every_mutation(void **state)
{
    (void)state;
    unsigned failures = 0;
    veil_sanitizer *sanitizer = make_text("any", 0.4f);
    for (size_t i = 0; i < MUTATIONS; i++) {
        evasion_tally tally = {0, 0};
        for (size_t row = 0; row < VL_ROW_COUNT; row++)
            try_row(sanitizer, &mutations[i], row, &tally);
        print_recall(mutations[i].name, &tally);
        bool is_low = tally.tried == 0 || tally.whole * 100 < tally.tried * mutations[i].least;
        if (is_low) printf("  ^ below %u %%\n", mutations[i].least);
        failures += is_low;
    }
    print_entities(entities);
    veil_sanitizer_destroy(sanitizer);
    assert_int_equal(failures, 0);
}

/* Written for this test. Numbers, dates of the year alone and abbreviations are in them, nothing of a person's. */
static const char *const prose[] = {
    "В 1987 году завод выпустил 250 машин. Директор сказал: «Мы сделаем больше, чем обещали». Цех № 4 работал в три "
    "смены, а в "
    "выходные дни люди шли в парк, смотрели кино и пили чай с вареньем. Так продолжалось до 2003 года.",
    "Το 1987 το εργοστάσιο έβγαλε 250 μηχανές. Ο διευθυντής είπε ότι θα κάνουμε περισσότερα. Η αίθουσα 4 δούλευε σε "
    "τρεις "
    "βάρδιες και το Σάββατο όλοι πήγαιναν στο πάρκο για καφέ και κουβέντα.",
    "一九八七年，工厂生产了２５０台机器。厂长说：“我们会做得更多。”第４车间分三班工作，周末大家去公园散步、看电影、喝茶"
    "。"
    "这样一直持续到２００３年。版本１．２于同年发布。",
    "１９８７年、工場は２５０台の機械を作りました。第４棟は三交代で、週末には公園を散歩し、映画を見て、お茶を飲みました"
    "。",
    "१९८७ में कारखाने ने २५० मशीनें बनाईं। निदेशक ने कहा कि हम और करेंगे। चौथा विभाग तीन पालियों में चलता था और छुट्टी के "
    "दिन लोग बाग में टहलते, चाय पीते और बातें करते थे।",
    "في عام ١٩٨٧ أنتج المصنع ٢٥٠ آلة. قال المدير إننا سننجز أكثر. عملت القاعة ٤ في ثلاث ورديات، وفي العطلة ذهب الناس "
    "إلى "
    "الحديقة وشربوا الشاي.",
    "Im Jahr 1987 baute das Werk 250 Maschinen – mehr als je zuvor. „Wir schaffen noch mehr“, sagte die Leiterin. Die "
    "Donau\u00ADdampf\u00ADschiff\u00ADfahrt kam 2003 dazu; für 10\u00A0000\u00A0€ gab es ein neues Dach.",
    "Le café d’en face a fermé en 1987… Les élèves – une trentaine – y passaient leurs après-midi. « Où aller ? » "
    "demandait-on. À 18\u00A0h 30, tout était fini.",
};

static void prose_of_other_scripts_holds_nothing(void **state)
{
    (void)state;
    static found all;
    veil_sanitizer *sanitizer = make_text("en", 0.4f);
    size_t count = 0;
    for (size_t i = 0; i < sizeof prose / sizeof prose[0]; i++) {
        scan_text(sanitizer, NULL, prose[i], strlen(prose[i]), &all);
        for (size_t k = 0; k < all.count; k++)
            printf("prose %zu: %s %.*s\n", i, all.items[k].recognizer, (int)(all.items[k].end - all.items[k].start),
                   prose[i] + all.items[k].start);
        count += all.count;
    }
    veil_sanitizer_destroy(sanitizer);
    printf("false findings in prose: %zu\n", count);
    assert_int_equal(count, 0);
}

static void expect_redacted(const veil_sanitizer *sanitizer, const char *text, const char *expected)
{
    char out[1024];
    size_t out_bytes;
    assert_int_equal(veil_text_redact(sanitizer, NULL, text, strlen(text), out, sizeof out - 1, &out_bytes, NULL, NULL),
                     VEIL_OK);
    out[out_bytes] = '\0';
    assert_string_equal(out, expected);
}

/* What is not seen goes with the value that it stands in and beside, and nothing else does. */
static void the_whole_span_goes(void **state)
{
    (void)state;
    veil_sanitizer *sanitizer = make_text("en", 0.4f);
    expect_redacted(sanitizer, "pay \u200b4111\u00AD 1111 1111 1111\u200d now", "pay <CREDIT_CARD> now");
    expect_redacted(sanitizer, "ask jane\u200b.roe＠example．com today", "ask <EMAIL_ADDRESS> today");
    expect_redacted(sanitizer, "card_4111111111111111;", "card_<CREDIT_CARD>;");
    expect_redacted(sanitizer, "blk_4111111111111111;", "blk_4111111111111111;");
    veil_sanitizer_destroy(sanitizer);
}

/* A finding of a view is not the value itself: an operator that works on values would mask or hash something else. */
static void operators_on_values_write_the_placeholder(void **state)
{
    (void)state;
    veil_operator_rule rule = {.struct_size = sizeof rule, .entity = "*", .op = VEIL_OP_MASK, .mask_count = 12};
    char out[256];
    size_t out_bytes;
    veil_text_options options;
    veil_text_options_init(&options);
    options.operators = &rule;
    options.operator_count = 1;
    veil_sanitizer *sanitizer = make_text("en", 0.4f);
    const char *text = "4111111111111111 ４１１１１１１１１１１１１１１１";
    assert_int_equal(
        veil_text_redact(sanitizer, &options, text, strlen(text), out, sizeof out - 1, &out_bytes, NULL, NULL),
        VEIL_OK);
    out[out_bytes] = '\0';
    assert_string_equal(out, "************1111 <CREDIT_CARD>");
    veil_sanitizer_destroy(sanitizer);
}

static void folding_can_be_switched_off(void **state)
{
    (void)state;
    static found all;
    static const char text[] = "４１１１１１１１１１１１１１１１";
    veil_config config;
    veil_sanitizer *sanitizer = make_text("en", 0.4f);
    veil_text_options options;
    veil_text_options_init(&options);
    scan_text(sanitizer, &options, text, sizeof text - 1, &all);
    assert_int_equal(all.count, 1);
    options.flags = VEIL_TEXT_NO_FOLD;
    scan_text(sanitizer, &options, text, sizeof text - 1, &all);
    assert_int_equal(all.count, 0);
    veil_sanitizer_destroy(sanitizer);
    veil_config_init(&config);
    config.modalities = VEIL_MODALITY_TEXT;
    config.flags = VEIL_TEXT_NO_FOLD;
    assert_int_equal(veil_sanitizer_create(&config, &sanitizer, NULL), VEIL_OK);
    scan_text(sanitizer, NULL, text, sizeof text - 1, &all);
    assert_int_equal(all.count, 0);
    veil_sanitizer_destroy(sanitizer);
    config.flags = VEIL_TEXT_ALL;
    assert_int_equal(veil_sanitizer_create(&config, &sanitizer, NULL), VEIL_ERR_INVALID_ARGUMENT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_row_is_found_under_every_mutation),
        cmocka_unit_test(prose_of_other_scripts_holds_nothing),
        cmocka_unit_test(the_whole_span_goes),
        cmocka_unit_test(operators_on_values_write_the_placeholder),
        cmocka_unit_test(folding_can_be_switched_off),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
