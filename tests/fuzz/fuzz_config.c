/*
 * Configurations made of arbitrary bytes. The input is a list of pairs (field, value): each sets one field of an initialised
 * config, names and rules included. The check must decide without reading anything it should not; what it accepts is one
 * that every engine may trust, so small accepted configs for text are also created, used and destroyed.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "api/config.h"

static const char *const names[] = {"EMAIL_ADDRESS", "US_SSN", "FACE", "RANGE", "EMAIL_ADRESS", "", "*", NULL};
static const char *const languages[] = {"en", "de", "any", "EN", "english", "", "e", NULL};
static const char key[32] = "0123456789abcdef0123456789abcde";

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

typedef struct lists {
    const char *entities[4];
    const char *exclude[4];
    veil_effect_rule effects[2];
    veil_operator_rule operators[2];
    unsigned char
        beyond[2 * 4096]; /* a rule may say that it is as long as 4,096 bytes: those must then be the caller's */
} lists;

static void set_list(veil_config *c, lists *l, uint8_t field, uint32_t value)
{
    const uint32_t index = value % 4;
    switch (field % 4) {
    case 0:
        l->entities[index] = names[value / 4 % COUNT(names)];
        c->entities = l->entities;
        c->entity_count = index + 1;
        break;
    case 1:
        l->exclude[index] = names[value / 4 % COUNT(names)];
        c->exclude = l->exclude;
        c->exclude_count = index + 1;
        break;
    case 2:
        l->operators[index % 2] = (veil_operator_rule){.struct_size = value & 0x100 ? value : sizeof l->operators[0],
                                                       .entity = names[value / 4 % COUNT(names)],
                                                       .op = value >> 9 & 7,
                                                       .mask_char = value >> 12,
                                                       .mask_end = value >> 30,
                                                       .hash_bits = (value >> 28 & 3) * 128};
        c->operators = l->operators;
        c->operator_count = index % 2 + 1;
        break;
    default:
        l->effects[index % 2] =
            (veil_effect_rule){sizeof l->effects[0], names[value / 4 % COUNT(names)], value >> 8 & 31, value >> 20};
        c->effects = l->effects;
        c->effect_count = index % 2 + 1;
        break;
    }
}

static void set_float(veil_config *c, uint8_t field, uint32_t value)
{
    float number;
    memcpy(&number, &value, sizeof number);
    if (field % 3 == 0) c->min_score = number;
    if (field % 3 == 1) c->face_min_score = number;
    if (field % 3 == 2) c->margin_percent = number;
}

static void set_pointer(veil_config *c, uint8_t field, uint32_t value)
{
    switch (field % 5) {
    case 0:
        c->language = languages[value % COUNT(languages)];
        break;
    case 1:
        c->key = value & 1 ? key : NULL;
        break;
    case 2:
        c->key_bytes = value % (sizeof key + 1);
        break;
    case 3:
        c->model_path = value & 1 ? "" : NULL;
        break;
    default:
        c->model_sha256 = value & 1 ? "00ff" : NULL;
        break;
    }
}

/* The numbers lie side by side from utf8_policy to max_audio_channels (32 bits each), then four of 64 bits. */
static void set_number(veil_config *c, uint8_t field, uint32_t value)
{
    uint32_t *const first = &c->utf8_policy;
    const size_t count = (size_t)(&c->max_audio_channels - first) + 1;
    if (field % (count + 4) < count)
        memcpy((char *)first + field % (count + 4) * sizeof value, &value, sizeof value);
    else
        memcpy((char *)&c->max_text_bytes + (field % (count + 4) - count) * 8, &value, sizeof value);
}

static void set(veil_config *c, lists *l, uint8_t field, uint32_t value)
{
    switch (field & 7) {
    case 0:
        set_list(c, l, field >> 3, value);
        break;
    case 1:
        set_float(c, field >> 3, value);
        break;
    case 2:
        set_pointer(c, field >> 3, value);
        break;
    case 3:
        c->modalities = value;
        break;
    case 4:
        c->profile = value;
        break;
    case 5:
        c->struct_size = value % (sizeof *c + 1);
        break;
    default:
        set_number(c, field >> 3, value);
        break;
    }
}

static int is_cheap(const veil_config *c)
{
    return c->modalities == VEIL_MODALITY_TEXT && c->entity_count != 0 && c->text_workspaces <= 4 &&
           c->worker_count <= 2 && c->queue_capacity <= 256 && c->cache_entries <= 4096;
}

static void use(const veil_config *config)
{
    veil_sanitizer *sanitizer = NULL;
    veil_error error = VEIL_ERROR_INIT;
    const veil_status status = veil_sanitizer_create(config, &sanitizer, &error);
    if (status == VEIL_ERR_SELF_TEST || status == VEIL_ERR_INTERNAL || (status == VEIL_OK) != (sanitizer != NULL))
        abort();
    if (status != VEIL_OK) return;
    char out[128];
    size_t out_bytes = 0;
    (void)veil_text_redact(sanitizer, NULL, "jane@example.com 536-90-4399", 28, out, sizeof out, &out_bytes, NULL,
                           NULL);
    veil_sanitizer_destroy(sanitizer);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    veil_config config;
    veil_config checked;
    static lists l;
    memset(&l, 0, sizeof l);
    veil_config_init(&config);
    for (; size >= 5; data += 5, size -= 5) {
        uint32_t value;
        memcpy(&value, data + 1, sizeof value);
        set(&config, &l, data[0], value);
    }
    veil_error error = VEIL_ERROR_INIT;
    veil_status status = vl_config_copy(&config, &checked, &error);
    if (status == VEIL_OK) status = vl_config_check(&checked, &error);
    if (status != VEIL_OK && error.message[0] == '\0') abort(); /* every refusal has a reason */
    if (status == VEIL_OK && is_cheap(&checked)) use(&config);
    return 0;
}
