/* Config: defaults, sizes of older and newer callers, profiles, and a refusal by name for every wrong field. */
#include "api_support.h"

#include <math.h>

static void defaults_are_those_of_the_header(void **state)
{
    (void)state;
    veil_config c;
    memset(&c, 0xff, sizeof c);
    veil_config_init(&c);
    assert_int_equal(c.struct_size, sizeof c);
    assert_int_equal(c.profile, VEIL_PROFILE_BALANCED);
    assert_string_equal(c.language, "en");
    assert_null(c.entities);
    assert_null(c.key);
    assert_true(c.min_score == 0.4f);
    assert_true(c.face_min_score == 0.0f);
    assert_true(c.margin_percent == 15.0f);
    assert_int_equal(c.text_workspaces, 16);
    assert_int_equal(c.image_workspaces, 2);
    assert_int_equal(c.audio_workspaces, 4);
    assert_int_equal(c.pool_policy, VEIL_POOL_GROW);
    assert_int_equal(c.worker_count, 0);
    assert_int_equal(c.queue_capacity, 256);
    assert_int_equal(c.cache_entries, 1024);
    assert_int_equal(c.near_duplicates, 0);
    assert_int_equal(c.face_input_width, 480);
    assert_int_equal(c.face_input_height, 360);
    assert_int_equal(c.face_tiles, 0);
    assert_int_equal(c.max_audio_channels, 32);
    assert_int_equal(c.max_text_bytes, 1073741824);
    assert_int_equal(c.max_image_bytes, 268435456);
    assert_int_equal(c.max_image_pixels, 100000000);
    assert_int_equal(c.max_audio_seconds, 14400);
    assert_int_equal(c.flags, 0);
}

static void an_older_and_a_newer_caller_get_their_own_size(void **state)
{
    (void)state;
    union {
        veil_config config;
        unsigned char bytes[sizeof(veil_config) + 16];
    } u;
    memset(&u, 0xee, sizeof u);
    veil_config_init_sized(&u.config, 24);
    assert_int_equal(u.config.struct_size, 24);
    assert_string_equal(u.config.language, "en");
    assert_int_equal(u.bytes[24], 0xee);

    memset(&u, 0xee, sizeof u);
    veil_config_init_sized(&u.config, sizeof u);
    assert_int_equal(u.config.struct_size, sizeof u);
    for (size_t i = sizeof(veil_config); i < sizeof u; i++)
        assert_int_equal(u.bytes[i], 0);

    memset(&u, 0xee, sizeof u);
    veil_config_init_sized(&u.config, 4);
    assert_int_equal(u.bytes[0], 0xee);
    veil_config_init_sized(NULL, sizeof u);
}

static void create_takes_sizes_as_stated(void **state)
{
    (void)state;
    union {
        veil_config config;
        unsigned char bytes[sizeof(veil_config) + 16];
    } u;
    veil_sanitizer *s = NULL;
    veil_error error = VEIL_ERROR_INIT;
    memset(&u, 0, sizeof u);
    veil_config_init_sized(&u.config, sizeof u);
    u.config.modalities = VEIL_MODALITY_TEXT;
    assert_int_equal(veil_sanitizer_create(&u.config, &s, &error), VEIL_OK);
    veil_sanitizer_destroy(s);
    u.bytes[sizeof u - 1] = 1;
    assert_refused(veil_sanitizer_create(&u.config, &s, &error), VEIL_ERR_INVALID_ARGUMENT, error, "does not know");
    assert_null(s);
    u.bytes[sizeof u - 1] = 0;
    u.config.struct_size = 16; /* only struct_size, modalities and profile: the rest takes the defaults */
    u.config.min_score = 99.0f;
    assert_int_equal(veil_sanitizer_create(&u.config, &s, &error), VEIL_OK);
    veil_sanitizer_destroy(s);
    const size_t wrong[] = {0, 8, 15, 17, sizeof(veil_config) - 1, sizeof(veil_config) + 1, 1u << 20, SIZE_MAX};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        u.config.struct_size = wrong[i];
        assert_refused(veil_sanitizer_create(&u.config, &s, &error), VEIL_ERR_INVALID_ARGUMENT, error, "struct_size");
    }
}

/* One wrong field each: change a good config, expect the reason to name the field. */
typedef void (*change_fn)(veil_config *c);
typedef struct wrong_row {
    change_fn change;
    veil_status status;
    const char *word;
} wrong_row;

static const char *const no_names[] = {NULL};
static const char *const typo[] = {"EMAIL_ADRESS"};
static const char *const empty_name[] = {""};
static const char *const face_only[] = {"FACE"};
static const char *const email[] = {"EMAIL_ADDRESS"};

#define CHANGE(name, ...)                                                                                              \
    static void name(veil_config *c)                                                                                   \
    {                                                                                                                  \
        __VA_ARGS__;                                                                                                   \
    }
CHANGE(no_modality, c->modalities = 0)
CHANGE(unknown_modality, c->modalities = 8)
CHANGE(bad_profile, c->profile = 4)
CHANGE(no_language, c->language = NULL)
CHANGE(long_language, c->language = "eng")
CHANGE(upper_language, c->language = "EN")
CHANGE(no_such_language, c->language = "sp")
CHANGE(empty_language, c->language = "")
CHANGE(entities_null, c->entity_count = 1)
CHANGE(entities_none, c->entities = email; c->entity_count = 0)
CHANGE(entities_typo, c->entities = typo; c->entity_count = 1)
CHANGE(entities_null_name, c->entities = no_names; c->entity_count = 1)
CHANGE(entities_unserved, c->entities = face_only; c->entity_count = 1)
CHANGE(exclude_null, c->exclude_count = 2)
CHANGE(exclude_typo, c->exclude = typo; c->exclude_count = 1)
CHANGE(exclude_empty, c->exclude = empty_name; c->exclude_count = 1)
CHANGE(key_null, c->key_bytes = 32)
CHANGE(key_empty, c->key = "0123456789abcdef")
CHANGE(key_short, c->key = "0123456789abcdef"; c->key_bytes = 15)
CHANGE(key_long, c->key = "0123456789abcdef"; c->key_bytes = 1025)
CHANGE(model_without_images, c->model_path = "x.onnx")
CHANGE(pin_without_model, c->model_sha256 = "00")
CHANGE(score_nan, c->min_score = NAN)
CHANGE(score_negative, c->min_score = -0.1f)
CHANGE(score_high, c->min_score = 1.5f)
CHANGE(face_nan, c->face_min_score = NAN)
CHANGE(face_high, c->face_min_score = 2.0f)
CHANGE(margin_nan, c->margin_percent = NAN)
CHANGE(margin_negative, c->margin_percent = -1.0f)
CHANGE(margin_high, c->margin_percent = INFINITY)
CHANGE(utf8, c->utf8_policy = 2)
CHANGE(text_workspaces, c->text_workspaces = 0)
CHANGE(text_workspaces_many, c->text_workspaces = UINT32_MAX)
CHANGE(image_workspaces, c->image_workspaces = 0)
CHANGE(audio_workspaces, c->audio_workspaces = 0)
CHANGE(pool_policy, c->pool_policy = 2)
CHANGE(workers, c->worker_count = 1025)
CHANGE(queue_zero, c->queue_capacity = 0)
CHANGE(queue_many, c->queue_capacity = 65537)
CHANGE(cache_many, c->cache_entries = UINT32_MAX)
CHANGE(cache_hash, c->cache_hash = 2)
CHANGE(near_two, c->near_duplicates = 2)
CHANGE(narrow_input, c->face_input_width = 127)
CHANGE(tall_input, c->face_input_height = 2049)
CHANGE(two_tiles, c->face_tiles = 2)
CHANGE(reserved_config, c->reserved = 1)
CHANGE(near_without_cache, c->near_duplicates = 1; c->cache_entries = 0)
CHANGE(metrics, c->metrics = 3)
CHANGE(cpu, c->cpu_level = 4)
CHANGE(channels, c->max_audio_channels = 0)
CHANGE(text_bytes, c->max_text_bytes = 0)
CHANGE(image_bytes, c->max_image_bytes = 0)
CHANGE(image_pixels, c->max_image_pixels = UINT64_MAX)
CHANGE(audio_seconds, c->max_audio_seconds = UINT64_MAX)
CHANGE(flags, c->flags = UINT64_C(1) << 63)

static void *some_alloc(void *user, size_t size)
{
    (void)user;
    return malloc(size);
}
static void some_free(void *user, void *memory, size_t size)
{
    (void)user, (void)size;
    free(memory);
}
CHANGE(alloc_alone, c->alloc = some_alloc)
CHANGE(free_alone, c->free = some_free)

static const wrong_row rows[] = {
    {no_modality, VEIL_ERR_INVALID_ARGUMENT, "modalities"},
    {unknown_modality, VEIL_ERR_INVALID_ARGUMENT, "modalities"},
    {bad_profile, VEIL_ERR_INVALID_ARGUMENT, "profile"},
    {no_language, VEIL_ERR_INVALID_ARGUMENT, "language"},
    {long_language, VEIL_ERR_INVALID_ARGUMENT, "language"},
    {upper_language, VEIL_ERR_INVALID_ARGUMENT, "language"},
    {no_such_language, VEIL_ERR_INVALID_ARGUMENT, "language"},
    {empty_language, VEIL_ERR_INVALID_ARGUMENT, "language"},
    {entities_null, VEIL_ERR_INVALID_ARGUMENT, "entities"},
    {entities_none, VEIL_ERR_INVALID_ARGUMENT, "entities"},
    {entities_typo, VEIL_ERR_INVALID_ARGUMENT, "entities[0]"},
    {entities_null_name, VEIL_ERR_INVALID_ARGUMENT, "entities[0]"},
    {entities_unserved, VEIL_ERR_INVALID_ARGUMENT, "entities[0]"},
    {exclude_null, VEIL_ERR_INVALID_ARGUMENT, "exclude"},
    {exclude_typo, VEIL_ERR_INVALID_ARGUMENT, "exclude[0]"},
    {exclude_empty, VEIL_ERR_INVALID_ARGUMENT, "exclude[0]"},
    {key_null, VEIL_ERR_INVALID_ARGUMENT, "key"},
    {key_empty, VEIL_ERR_INVALID_ARGUMENT, "key"},
    {key_short, VEIL_ERR_KEY, "key_bytes"},
    {key_long, VEIL_ERR_INVALID_ARGUMENT, "key_bytes"},
    {model_without_images, VEIL_ERR_INVALID_ARGUMENT, "model_path"},
    {pin_without_model, VEIL_ERR_INVALID_ARGUMENT, "model_sha256"},
    {score_nan, VEIL_ERR_INVALID_ARGUMENT, "min_score"},
    {score_negative, VEIL_ERR_INVALID_ARGUMENT, "min_score"},
    {score_high, VEIL_ERR_INVALID_ARGUMENT, "min_score"},
    {face_nan, VEIL_ERR_INVALID_ARGUMENT, "face_min_score"},
    {face_high, VEIL_ERR_INVALID_ARGUMENT, "face_min_score"},
    {margin_nan, VEIL_ERR_INVALID_ARGUMENT, "margin_percent"},
    {margin_negative, VEIL_ERR_INVALID_ARGUMENT, "margin_percent"},
    {margin_high, VEIL_ERR_INVALID_ARGUMENT, "margin_percent"},
    {utf8, VEIL_ERR_INVALID_ARGUMENT, "utf8_policy"},
    {text_workspaces, VEIL_ERR_INVALID_ARGUMENT, "text_workspaces"},
    {text_workspaces_many, VEIL_ERR_INVALID_ARGUMENT, "text_workspaces"},
    {image_workspaces, VEIL_ERR_INVALID_ARGUMENT, "image_workspaces"},
    {audio_workspaces, VEIL_ERR_INVALID_ARGUMENT, "audio_workspaces"},
    {pool_policy, VEIL_ERR_INVALID_ARGUMENT, "pool_policy"},
    {workers, VEIL_ERR_INVALID_ARGUMENT, "worker_count"},
    {queue_zero, VEIL_ERR_INVALID_ARGUMENT, "queue_capacity"},
    {queue_many, VEIL_ERR_INVALID_ARGUMENT, "queue_capacity"},
    {cache_many, VEIL_ERR_INVALID_ARGUMENT, "cache_entries"},
    {cache_hash, VEIL_ERR_INVALID_ARGUMENT, "cache_hash"},
    {near_two, VEIL_ERR_INVALID_ARGUMENT, "near_duplicates"},
    {narrow_input, VEIL_ERR_INVALID_ARGUMENT, "face_input_width is 127; it goes from 128 to 2048"},
    {tall_input, VEIL_ERR_INVALID_ARGUMENT, "face_input_height"},
    {two_tiles, VEIL_ERR_INVALID_ARGUMENT, "face_tiles"},
    {reserved_config, VEIL_ERR_INVALID_ARGUMENT, "reserved"},
    {near_without_cache, VEIL_ERR_INVALID_ARGUMENT, "near_duplicates"},
    {metrics, VEIL_ERR_INVALID_ARGUMENT, "metrics"},
    {cpu, VEIL_ERR_INVALID_ARGUMENT, "cpu_level"},
    {channels, VEIL_ERR_INVALID_ARGUMENT, "max_audio_channels"},
    {text_bytes, VEIL_ERR_INVALID_ARGUMENT, "max_text_bytes"},
    {image_bytes, VEIL_ERR_INVALID_ARGUMENT, "max_image_bytes"},
    {image_pixels, VEIL_ERR_INVALID_ARGUMENT, "max_image_pixels"},
    {audio_seconds, VEIL_ERR_INVALID_ARGUMENT, "max_audio_seconds"},
    {flags, VEIL_ERR_INVALID_ARGUMENT, "flags"},
    {alloc_alone, VEIL_ERR_INVALID_ARGUMENT, "alloc"},
    {free_alone, VEIL_ERR_INVALID_ARGUMENT, "free"},
};

static void every_wrong_field_is_refused_by_name(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        veil_config config;
        config_for(&config, VEIL_MODALITY_TEXT);
        if (rows[i].change == entities_unserved && needs_another_build("FACE")) continue; /* UNSUPPORTED, see below */
        rows[i].change(&config);
        veil_sanitizer *s = (veil_sanitizer *)&config;
        veil_error error = VEIL_ERROR_INIT;
        assert_refused(veil_sanitizer_create(&config, &s, &error), rows[i].status, error, rows[i].word);
        assert_null(s);
        if (strstr(error.message, "EMAIL_ADRESS") != NULL) fail_msg("the reason repeats the caller's string");
    }
}

static const char *key; /* of the next check */

static void check_operator(veil_operator_rule rule, veil_status expected, const char *word)
{
    veil_config config;
    config_for(&config, VEIL_MODALITY_TEXT);
    config.operators = &rule;
    config.operator_count = 1;
    config.key = key;
    config.key_bytes = key == NULL ? 0 : strlen(key);
    key = NULL;
    veil_sanitizer *s = NULL;
    veil_error error = VEIL_ERROR_INIT;
    assert_refused(veil_sanitizer_create(&config, &s, &error), expected, error, word);
}

static veil_status asr_create(void *user, void **instance)
{
    *instance = user;
    return VEIL_OK;
}

static veil_status asr_recognize(void *instance, const veil_asr_sound *sound, veil_asr_sink sink, void *sink_user)
{
    (void)instance, (void)sound, (void)sink, (void)sink_user;
    return VEIL_OK;
}

static void asr_destroy(void *instance)
{
    (void)instance;
}

static void every_wrong_recogniser_of_speech_is_refused(void **state)
{
    (void)state;
    const veil_asr_engine good = {
        .struct_size = sizeof good, .create = asr_create, .recognize = asr_recognize, .destroy = asr_destroy};
    veil_asr_engine asr = good;
    veil_config config;
    veil_sanitizer *s = NULL;
#define WRONG(word, ...)                                                                                               \
    do {                                                                                                               \
        veil_error error = VEIL_ERROR_INIT;                                                                            \
        asr = good;                                                                                                    \
        veil_config_init(&config);                                                                                     \
        config.asr = &asr;                                                                                             \
        __VA_ARGS__;                                                                                                   \
        assert_refused(veil_sanitizer_create(&config, &s, &error), VEIL_ERR_INVALID_ARGUMENT, error, word);            \
    } while (0)
    WRONG("struct_size", asr.struct_size = 0);
    WRONG("struct_size", asr.struct_size = sizeof asr - 8);
    WRONG("create", asr.create = NULL);
    WRONG("recognize", asr.recognize = NULL);
    WRONG("destroy", asr.destroy = NULL);
    WRONG("sample_rate_hz", asr.sample_rate_hz = 7999);
    WRONG("sample_rate_hz", asr.sample_rate_hz = 192001);
    WRONG("min_rate_hz", asr.min_rate_hz = 192001);
    WRONG("guard_ms", asr.guard_ms = 60001);
    WRONG("reserved", asr.reserved = 1);
    WRONG("audio is not", config.modalities = VEIL_MODALITY_TEXT);
#undef WRONG
    asr = good;
    config.modalities = VEIL_MODALITY_AUDIO;
    assert_int_equal(veil_sanitizer_create(&config, &s, NULL), VEIL_OK);
    veil_sanitizer_destroy(s);
}

static void every_wrong_operator_is_refused(void **state)
{
    (void)state;
    const veil_operator_rule good = {.struct_size = sizeof good, .entity = "EMAIL_ADDRESS", .op = VEIL_OP_REDACT};
    veil_operator_rule r;
#define WRONG(word, ...)                                                                                               \
    do {                                                                                                               \
        r = good;                                                                                                      \
        __VA_ARGS__;                                                                                                   \
        check_operator(r, VEIL_ERR_INVALID_ARGUMENT, word);                                                            \
    } while (0)
    WRONG("struct_size", r.struct_size = 0);
    WRONG("entity", r.entity = NULL);
    WRONG("entity", r.entity = "");
    WRONG("op", r.op = 0);
    WRONG("op", r.op = VEIL_OP_CALLBACK + 1);
    WRONG("cipher", r.cipher = VEIL_CIPHER_GCM);
    WRONG("cipher", r.op = VEIL_OP_ENCRYPT; r.cipher = VEIL_CIPHER_CBC + 1);
    WRONG("shift_days", r.shift_days = 1);
    WRONG("shift_days", r.op = VEIL_OP_DATE_SHIFT; r.shift_days = 36501; key = "0123456789abcdef");
    WRONG("replace", r.op = VEIL_OP_CALLBACK);
    WRONG("replace", r.replace_user = &r);
    WRONG("struct_size", r.struct_size = sizeof r + 4096);
    WRONG("struct_size", r.struct_size = 40);
    WRONG("mask_end", r.op = VEIL_OP_MASK; r.mask_end = 2);
    WRONG("mask_char", r.op = VEIL_OP_MASK; r.mask_char = 0xd800);
    WRONG("mask_char", r.op = VEIL_OP_MASK; r.mask_char = 0x110000);
    WRONG("mask_count", r.mask_count = 3);
    WRONG("hash_bits", r.op = VEIL_OP_HASH; r.hash_bits = 128);
    WRONG("hash_bits", r.hash_bits = 256);
    WRONG("text", r.text = "x");
    WRONG("reserved", r.reserved = 1);
    WRONG("operators[0]", r.entity = "EMAIL_ADRESS");
    if (!needs_another_build("FACE")) WRONG("operators[0]", r.entity = "FACE");
#undef WRONG
    for (uint32_t op = VEIL_OP_HASH; op <= VEIL_OP_DATE_SHIFT; op++) {
        if (op == VEIL_OP_KEEP) continue;
        r = good;
        r.op = op;
        check_operator(r, VEIL_ERR_KEY, "key");
    }
    r = good;
    r.op = VEIL_OP_ENCRYPT;
    r.cipher = VEIL_CIPHER_CBC;
    key = "seventeen bytes!!";
    check_operator(r, VEIL_ERR_KEY, "16, 24 or 32");

    veil_config config;
    config_for(&config, VEIL_MODALITY_TEXT);
    config.operator_count = 1;
    veil_sanitizer *s = NULL;
    veil_error error = VEIL_ERROR_INIT;
    assert_refused(veil_sanitizer_create(&config, &s, &error), VEIL_ERR_INVALID_ARGUMENT, error, "operators");
}

/* Programs that were compiled with an earlier veil.h have shorter rules; ones with a later, longer. */
static void rules_of_other_versions_are_read(void **state)
{
    (void)state;
    enum { OLD = offsetof(veil_operator_rule, cipher), NEW = sizeof(veil_operator_rule) + 16 };
    _Alignas(8) unsigned char rules[2 * NEW];
    const size_t sizes[] = {OLD, sizeof(veil_operator_rule), NEW};
    for (size_t i = 0; i < 3; i++) {
        veil_operator_rule rule = {.struct_size = sizes[i], .entity = "*", .op = VEIL_OP_REDACT};
        memset(rules, 0, sizeof rules);
        memcpy(rules, &rule, sizes[i] < sizeof rule ? sizes[i] : sizeof rule);
        rule.entity = "EMAIL_ADDRESS";
        rule.op = VEIL_OP_KEEP;
        memcpy(rules + sizes[i], &rule, sizes[i] < sizeof rule ? sizes[i] : sizeof rule);
        veil_config config;
        config_for(&config, VEIL_MODALITY_TEXT);
        config.operators = (const veil_operator_rule *)rules;
        config.operator_count = 2;
        veil_sanitizer *s = make(&config);
        char out[64];
        size_t out_bytes;
        assert_int_equal(veil_text_redact(s, NULL, SAMPLE, sizeof SAMPLE - 1, out, sizeof out, &out_bytes, NULL, NULL),
                         VEIL_OK);
        assert_int_equal(out_bytes, sizeof SAMPLE - 1);
        veil_sanitizer_destroy(s);
        if (sizes[i] != NEW) continue;
        rules[2 * NEW - 1] = 1; /* a field that this library does not know */
        s = NULL;
        veil_error error = VEIL_ERROR_INIT;
        assert_refused(veil_sanitizer_create(&config, &s, &error), VEIL_ERR_INVALID_ARGUMENT, error, "operators[1]");
    }
}

static void every_wrong_effect_is_refused(void **state)
{
    (void)state;
    const veil_effect_rule wrong[] = {
        {0, "*", VEIL_EFFECT_FILL, 0},
        {sizeof(veil_effect_rule), NULL, VEIL_EFFECT_FILL, 0},
        {sizeof(veil_effect_rule), "*", 0, 0},
        {sizeof(veil_effect_rule), "*", 6, 0},
        {sizeof(veil_effect_rule), "*", 15, 0},
        {sizeof(veil_effect_rule), "*", 20, 0},
        {sizeof(veil_effect_rule), "*", VEIL_EFFECT_DISGUISE, 1},
        {sizeof(veil_effect_rule), "CREDIT_CARD", VEIL_EFFECT_DISGUISE, 0},
        {sizeof(veil_effect_rule), "FACE", VEIL_EFFECT_DISGUISE, 0},
        {sizeof(veil_effect_rule), "*", VEIL_EFFECT_FILL, 0x1000000},
        {sizeof(veil_effect_rule), "*", VEIL_EFFECT_BLUR, 0xff},
        {sizeof(veil_effect_rule), "FACES", VEIL_EFFECT_BLUR, 0},
        {sizeof(veil_effect_rule), "FACE", VEIL_EFFECT_BEEP, 0},
        {sizeof(veil_effect_rule), "RANGE", VEIL_EFFECT_BLUR, 0},
        {sizeof(veil_effect_rule), "CREDIT_CARD", VEIL_EFFECT_BLUR, 0},
        {sizeof(veil_effect_rule), "CREDIT_CARD", VEIL_EFFECT_PIXELATE, 0},
        {sizeof(veil_effect_rule), "QR_CODE", VEIL_EFFECT_BLUR, 0},
        {sizeof(veil_effect_rule), "BARCODE", VEIL_EFFECT_PIXELATE, 0},
    };
    for (size_t i = 0; i <= sizeof wrong / sizeof wrong[0]; i++) {
        veil_config config;
        config_for(&config, VEIL_MODALITY_TEXT);
        config.effects = i < sizeof wrong / sizeof wrong[0] ? &wrong[i] : NULL;
        if (config.effects != NULL && needs_another_build(wrong[i].entity)) continue; /* UNSUPPORTED, see below */
        config.effect_count = 1;
        veil_sanitizer *s = NULL;
        veil_error error = VEIL_ERROR_INIT;
        assert_refused(veil_sanitizer_create(&config, &s, &error), VEIL_ERR_INVALID_ARGUMENT, error, "effects");
    }
}

/* Names that a later version or another build serves are no misspellings: in a config as in a call's options. */
static void names_that_come_later_are_unsupported(void **state)
{
    (void)state;
    static const char *const later[] = {"QR_CODE", "BARCODE", "DTMF", "FACE"};
    const size_t count = sizeof later / sizeof later[0];
    veil_error error = VEIL_ERROR_INIT;
    veil_sanitizer *s = NULL;
    veil_sanitizer *good = make_for(VEIL_MODALITY_TEXT);
    for (size_t i = 0; i < count; i++) {
        veil_config config;
        if (!needs_another_build(later[i])) continue;
        config_for(&config, VEIL_MODALITY_TEXT);
        config.entities = &later[i];
        config.entity_count = 1;
        assert_refused(veil_sanitizer_create(&config, &s, &error), VEIL_ERR_UNSUPPORTED, error, "entities[0]");
        config_for(&config, VEIL_MODALITY_TEXT);
        config.exclude = &later[i];
        config.exclude_count = 1;
        assert_refused(veil_sanitizer_create(&config, &s, &error), VEIL_ERR_UNSUPPORTED, error, "exclude[0]");
        const veil_effect_rule effect = {.struct_size = sizeof effect, .entity = later[i], .effect = VEIL_EFFECT_FILL};
        config_for(&config, VEIL_MODALITY_TEXT);
        config.effects = &effect;
        config.effect_count = 1;
        assert_refused(veil_sanitizer_create(&config, &s, &error), VEIL_ERR_UNSUPPORTED, error, "effects[0]");
        const veil_operator_rule operator= {.struct_size = sizeof operator, .entity = later[i], .op = VEIL_OP_REDACT};
        config_for(&config, VEIL_MODALITY_TEXT);
        config.operators = &operator;
        config.operator_count = 1;
        assert_refused(veil_sanitizer_create(&config, &s, &error), VEIL_ERR_UNSUPPORTED, error, "operators[0]");
        veil_text_options o;
        veil_text_options_init(&o);
        o.entities = &later[i];
        o.entity_count = 1;
        veil_text_result result = {.struct_size = sizeof result};
        assert_refused(veil_text_scan(good, &o, "a", 1, &result, &error), VEIL_ERR_UNSUPPORTED, error, "entities[0]");
    }
    veil_sanitizer_destroy(good);
}

static void create_checks_its_pointers(void **state)
{
    (void)state;
    veil_error error = VEIL_ERROR_INIT;
    assert_refused(veil_sanitizer_create(NULL, NULL, &error), VEIL_ERR_INVALID_ARGUMENT, error, "out");
    veil_sanitizer *s = (veil_sanitizer *)&error;
    veil_error small = {.struct_size = 8, .message = "untouched"};
    assert_int_equal(veil_sanitizer_create(NULL, &s, &small), VEIL_ERR_INVALID_ARGUMENT);
    assert_null(s);
    assert_string_equal(small.message, "untouched");
    veil_sanitizer_destroy(NULL);
    assert_int_equal(veil_sanitizer_after_fork(NULL), VEIL_ERR_INVALID_ARGUMENT);
}

static void profiles_set_what_the_guide_says(void **state)
{
    (void)state;
    static const uint32_t expected[4][9] = {/* text, image, audio workspaces, queue, cache, near, face input, tiles */
                                            [VEIL_PROFILE_BALANCED] = {16, 2, 4, 256, 1024, 0, 480, 360, 0},
                                            [VEIL_PROFILE_SPEED] = {16, 2, 4, 256, 4096, 1, 320, 240, 0},
                                            [VEIL_PROFILE_ACCURACY] = {16, 2, 4, 256, 1024, 0, 640, 480, 1},
                                            [VEIL_PROFILE_MEMORY] = {1, 1, 1, 64, 64, 0, 320, 240, 0}};
    veil_config c;
    veil_config_init(&c);
    c.min_score = 0.7f;
    for (uint32_t round = 0; round < 8; round++) { /* in any order, one forgets the one before */
        const uint32_t p = round * 3 % 4;
        assert_int_equal(veil_config_apply_profile(&c, p), VEIL_OK);
        assert_int_equal(c.profile, p);
        assert_int_equal(c.text_workspaces, expected[p][0]);
        assert_int_equal(c.image_workspaces, expected[p][1]);
        assert_int_equal(c.audio_workspaces, expected[p][2]);
        assert_int_equal(c.queue_capacity, expected[p][3]);
        assert_int_equal(c.cache_entries, expected[p][4]);
        assert_int_equal(c.near_duplicates, expected[p][5]);
        assert_int_equal(c.face_input_width, expected[p][6]);
        assert_int_equal(c.face_input_height, expected[p][7]);
        assert_int_equal(c.face_tiles, expected[p][8]);
        assert_true(c.min_score == 0.7f);
    }
    assert_int_equal(veil_config_apply_profile(&c, 4), VEIL_ERR_INVALID_ARGUMENT);
    assert_int_equal(veil_config_apply_profile(NULL, 0), VEIL_ERR_INVALID_ARGUMENT);
    c.struct_size = 12;
    assert_int_equal(veil_config_apply_profile(&c, 0), VEIL_ERR_INVALID_ARGUMENT);
}

/* The guide's table of profiles is what apply_profile writes. */
static void the_guide_lists_every_line_of_the_profiles(void **state)
{
    (void)state;
    static char guide[65536];
    FILE *file = fopen(VEIL_TEST_SOURCE_DIR "/docs/api.md", "r");
    assert_non_null(file);
    guide[fread(guide, 1, sizeof guide - 1, file)] = '\0';
    fclose(file);
    veil_config c[4];
    for (uint32_t p = 0; p < 4; p++) {
        veil_config_init(&c[p]);
        assert_int_equal(veil_config_apply_profile(&c[p], p), VEIL_OK);
    }
#define IN_GUIDE(field)                                                                                                \
    do {                                                                                                               \
        char line[160];                                                                                                \
        (void)snprintf(line, sizeof line, "| `" #field "` | %u | %u | %u | %u |\n", c[0].field, c[1].field,            \
                       c[2].field, c[3].field);                                                                        \
        if (strstr(guide, line) == NULL) fail_msg("docs/api.md lacks: %s", line);                                      \
    } while (0)
    IN_GUIDE(profile);
    IN_GUIDE(text_workspaces);
    IN_GUIDE(image_workspaces);
    IN_GUIDE(audio_workspaces);
    IN_GUIDE(queue_capacity);
    IN_GUIDE(cache_entries);
    IN_GUIDE(near_duplicates);
    IN_GUIDE(face_input_width);
    IN_GUIDE(face_input_height);
    IN_GUIDE(face_tiles);
#undef IN_GUIDE
}

static void options_begin_as_the_sanitizer_was_configured(void **state)
{
    (void)state;
    veil_text_options text;
    veil_image_options image;
    veil_audio_options audio;
    veil_text_options_init(&text);
    veil_image_options_init(&image);
    veil_audio_options_init(&audio);
    assert_int_equal(text.struct_size, sizeof text);
    assert_true(text.min_score < 0 && image.min_score < 0 && audio.min_score < 0 && image.margin_percent < 0);
    assert_true(audio.guard_ms < 0 && audio.fade_ms < 0);
    assert_int_equal(image.struct_size, sizeof image);
    assert_int_equal(audio.struct_size, sizeof audio);
    veil_text_options_init_sized(NULL, 8);
    veil_image_options_init_sized(NULL, 8);
    veil_audio_options_init_sized(NULL, 8);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(defaults_are_those_of_the_header),
        cmocka_unit_test(an_older_and_a_newer_caller_get_their_own_size),
        cmocka_unit_test(create_takes_sizes_as_stated),
        cmocka_unit_test(every_wrong_field_is_refused_by_name),
        cmocka_unit_test(every_wrong_recogniser_of_speech_is_refused),
        cmocka_unit_test(every_wrong_operator_is_refused),
        cmocka_unit_test(rules_of_other_versions_are_read),
        cmocka_unit_test(every_wrong_effect_is_refused),
        cmocka_unit_test(names_that_come_later_are_unsupported),
        cmocka_unit_test(create_checks_its_pointers),
        cmocka_unit_test(profiles_set_what_the_guide_says),
        cmocka_unit_test(the_guide_lists_every_line_of_the_profiles),
        cmocka_unit_test(options_begin_as_the_sanitizer_was_configured),
    };
    return cmocka_run_group_tests_name("config", tests, NULL, NULL);
}
