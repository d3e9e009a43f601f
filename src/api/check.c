/*
 * Argument checks that do not depend on a configuration. A reason names the field and the numbers, never the contents of
 * the caller's strings.
 */
#include "check.h"

#include <math.h>

#include "config.h"
#include "text/text.h"

#define OPTIONS_MIN_BYTES 16u

bool vl_tail_is_zero(const void *base, size_t from, size_t to)
{
    const unsigned char *bytes = base;
    unsigned char seen = 0;
    for (size_t i = from; i < to; i++)
        seen |= bytes[i];
    return seen == 0;
}

veil_status vl_check_struct(const void *base, size_t minimum, size_t known, const char *what, veil_error *error)
{
    if (base == NULL) return vl_error_set(error, VEIL_ERR_INVALID_ARGUMENT, 0, "%s is NULL", what);
    size_t size = 0;
    memcpy(&size, base, sizeof size);
    if (size < minimum || size % 8 != 0 || size > 65536)
        return vl_error_set(error, VEIL_ERR_INVALID_ARGUMENT, 0,
                            "%s.struct_size is %zu; this library knows %zu and needs at least %zu", what, size, known,
                            minimum);
    if (size > known && !vl_tail_is_zero(base, known, size))
        return vl_error_set(error, VEIL_ERR_INVALID_ARGUMENT, 0,
                            "%s sets fields that this library (%s) does not know: bytes behind %zu are not zero", what,
                            veil_version_string(), known);
    return VEIL_OK;
}

static veil_status invalid(veil_error *error, const char *message)
{
    return vl_error_set(error, VEIL_ERR_INVALID_ARGUMENT, 0, "%s", message);
}

static veil_status check_list(const void *list, size_t count, const char *field, veil_error *error)
{
    if (list == NULL && count != 0)
        return vl_error_set(error, VEIL_ERR_INVALID_ARGUMENT, 0, "%s is NULL but its count is %zu", field, count);
    return VEIL_OK;
}

/* Names that users of Veil may know and this version or build does not serve: no misspelling, so they have their own status. */
static bool is_not_served(const char *name)
{
    static const char *const names[] = {"BARCODE", "DTMF", "FACE", "QR_CODE", "RANGE", "REGION", "SPOKEN_NUMBER"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (strcmp(names[i], name) == 0) return vl_entity_kind(name) == 0;
    return false;
}

static veil_status check_served(const char *name, const char *field, size_t index, veil_error *error)
{
    if (!is_not_served(name)) return VEIL_OK;
    return vl_error_set(error, VEIL_ERR_UNSUPPORTED, 0, "%s[%zu] names an entity that is not in this version or build",
                        field, index);
}

veil_status vl_check_names(const char *const *names, size_t count, const char *field, veil_error *error)
{
    veil_status status = check_list((const void *)names, count, field, error);
    for (size_t i = 0; status == VEIL_OK && i < count; i++) {
        if (names[i] == NULL || names[i][0] == '\0')
            return vl_error_set(error, VEIL_ERR_INVALID_ARGUMENT, 0, "%s[%zu] is NULL or empty", field, i);
        status = check_served(names[i], field, i, error);
    }
    return status;
}

/* Fields that another operator would use: a setting without effect is a mistake. */
static const char *unused_field(const veil_operator_rule *rule)
{
    if (rule->op != VEIL_OP_REPLACE && rule->text != NULL) return "text (only REPLACE uses it)";
    if (rule->op != VEIL_OP_HASH && rule->hash_bits != 0) return "hash_bits (only HASH uses it)";
    if (rule->op != VEIL_OP_ENCRYPT && rule->cipher != 0) return "cipher (only ENCRYPT uses it)";
    if (rule->op != VEIL_OP_DATE_SHIFT && rule->shift_days != 0) return "shift_days (only DATE_SHIFT uses it)";
    if (rule->op != VEIL_OP_CALLBACK && (rule->replace != NULL || rule->replace_user != NULL))
        return "replace or replace_user (only CALLBACK uses them)";
    if (rule->op == VEIL_OP_MASK || (rule->mask_char | rule->mask_count | rule->mask_end) == 0) return NULL;
    return "mask_char, mask_count or mask_end (only MASK uses them)";
}

static bool is_code_point(uint32_t value)
{
    return value <= 0x10ffff && (value < 0xd800 || value > 0xdfff);
}

const char *vl_operator_fault(const veil_operator_rule *rule)
{
    if (rule->entity == NULL || rule->entity[0] == '\0') return "entity";
    if (rule->op < VEIL_OP_REPLACE || rule->op > VEIL_OP_CALLBACK) return "op";
    if (rule->cipher > VEIL_CIPHER_CBC) return "cipher";
    if (rule->op == VEIL_OP_CALLBACK && rule->replace == NULL) return "replace";
    if (rule->mask_end > 1) return "mask_end";
    if (!is_code_point(rule->mask_char)) return "mask_char";
    if (rule->hash_bits != 0 && rule->hash_bits != 256 && rule->hash_bits != 512) return "hash_bits";
    return rule->reserved != 0 ? "reserved field" : unused_field(rule);
}

static veil_status check_operator(const veil_operator_rule *rules, size_t index, veil_error *error)
{
    veil_operator_rule rule;
    const char *wrong = vl_operator_rule_read(rules, index, &rule) ? vl_operator_fault(&rule) : "struct_size";
    if (wrong == NULL) return check_served(rule.entity, "operators", index, error);
    return vl_error_set(error, VEIL_ERR_INVALID_ARGUMENT, 0, "operators[%zu] has a wrong %s", index, wrong);
}

veil_status vl_check_operators(const veil_operator_rule *rules, size_t count, veil_error *error)
{
    veil_status status = check_list(rules, count, "operators", error);
    for (size_t i = 0; status == VEIL_OK && i < count; i++)
        status = check_operator(rules, i, error);
    return status;
}

static bool is_effect(uint32_t effect)
{
    return (effect >= VEIL_EFFECT_FILL && effect <= VEIL_EFFECT_KEEP) ||
           (effect >= VEIL_EFFECT_BEEP && effect <= VEIL_EFFECT_DISGUISE);
}

veil_status vl_check_effects(const veil_effect_rule *rules, size_t count, veil_error *error)
{
    veil_status status = check_list(rules, count, "effects", error);
    for (size_t i = 0; status == VEIL_OK && i < count; i++) {
        const veil_effect_rule *rule = &rules[i];
        const char *wrong = NULL;
        if (rule->struct_size != sizeof *rule)
            wrong = "struct_size";
        else if (rule->entity == NULL || rule->entity[0] == '\0')
            wrong = "entity";
        else if (!is_effect(rule->effect))
            wrong = "effect";
        else if (rule->effect == VEIL_EFFECT_DISGUISE && strcmp(rule->entity, "*") != 0)
            wrong = "entity (DISGUISE is for the whole voice: \"*\")";
        else if (rule->color_rgb > 0xffffff)
            wrong = "color_rgb";
        else if (rule->color_rgb != 0 && rule->effect != VEIL_EFFECT_FILL)
            wrong = "color_rgb (only FILL uses it)";
        if (wrong != NULL)
            return vl_error_set(error, VEIL_ERR_INVALID_ARGUMENT, 0, "effects[%zu] has a wrong %s", i, wrong);
        status = check_served(rule->entity, "effects", i, error);
    }
    return status;
}

veil_status vl_check_language(const char *language, bool may_be_null, veil_error *error)
{
    if (language == NULL) return may_be_null ? VEIL_OK : invalid(error, "language is NULL");
    if (vl_language_is_known(language)) return VEIL_OK;
    return invalid(error, "language is neither a code of ISO 639-1 nor \"any\"");
}

veil_status vl_check_score(float score, const char *field, veil_error *error)
{
    if (!isnan(score) && score <= 1.0f) return VEIL_OK;
    return vl_error_set(error, VEIL_ERR_INVALID_ARGUMENT, 0, "%s is not a number of at most 1", field);
}

/* A struct of another size than ours is completed in `local`, which holds the defaults. */
static const void *complete(const void *theirs, void *local, size_t known)
{
    size_t size = 0;
    memcpy(&size, theirs, sizeof size);
    if (size >= known) return theirs;
    memcpy(local, theirs, size);
    memcpy(local, &known, sizeof known);
    return local;
}

static veil_status check_entities(const char *const *entities, size_t entity_count, const char *const *exclude,
                                  size_t exclude_count, veil_error *error)
{
    const veil_status status = vl_check_names(entities, entity_count, "entities", error);
    if (status != VEIL_OK) return status;
    if (entities != NULL && entity_count == 0)
        return invalid(error, "entities is an empty list: nothing would be found (NULL stands for the sanitizer's)");
    return vl_check_names(exclude, exclude_count, "exclude", error);
}

/* Strings that operators take: not empty (NULL is "none"), and short enough for the buffers they go into. */
static veil_status check_input(const char *text, const char *field, veil_error *error)
{
    const size_t size = text == NULL ? 1 : strnlen(text, VL_OPERATOR_INPUT_MAX_BYTES + 1);
    if (size >= 1 && size <= VL_OPERATOR_INPUT_MAX_BYTES) return VEIL_OK;
    return vl_error_set(error, VEIL_ERR_INVALID_ARGUMENT, 0, "options.%s is empty or longer than %u bytes", field,
                        VL_OPERATOR_INPUT_MAX_BYTES);
}

static veil_status check_fields(const veil_text_options *o, veil_error *error)
{
    bool is_table = o->format == VEIL_FORMAT_CSV || o->format == VEIL_FORMAT_TSV;
    if (o->format > VEIL_FORMAT_TSV) return invalid(error, "options.format is unknown");
    if (o->reserved != 0) return invalid(error, "options.reserved is not 0");
    if ((o->flags & VEIL_TEXT_NO_HEADER) != 0 && !is_table)
        return invalid(error, "VEIL_TEXT_NO_HEADER is for CSV and TSV");
    const veil_status status = check_list(o->fields, o->field_count, "options.fields", error);
    if (status != VEIL_OK) return status;
    if (o->field_count > 0 && o->format == VEIL_FORMAT_TEXT)
        return invalid(error, "options.fields is given, but plain text has no fields");
    for (size_t i = 0; i < o->field_count; i++) {
        const veil_field_rule *rule = &o->fields[i];
        const char *wrong = rule->struct_size != sizeof *rule             ? "struct_size"
                            : rule->name == NULL || rule->name[0] == '\0' ? "name"
                            : rule->entity == NULL                        ? "entity"
                            : rule->name[0] == '#' && !is_table           ? "name (JSON has no columns)"
                                                                          : NULL;
        if (wrong != NULL)
            return vl_error_set(error, VEIL_ERR_INVALID_ARGUMENT, 0, "options.fields[%zu] has a wrong %s", i, wrong);
    }
    return VEIL_OK;
}

veil_status vl_check_text_options(const veil_text_options **options, veil_text_options *local, veil_error *error)
{
    if (*options == NULL) return VEIL_OK;
    veil_status status = vl_check_struct(*options, OPTIONS_MIN_BYTES, sizeof *local, "options", error);
    if (status != VEIL_OK) return status;
    veil_text_options_init(local);
    const veil_text_options *o = complete(*options, local, sizeof *local);
    *options = o;
    if ((o->flags & ~(uint32_t)(VEIL_TEXT_ALL | VEIL_TEXT_NO_FOLD | VEIL_TEXT_NO_DECODE | VEIL_TEXT_NO_HEADER)) != 0)
        return invalid(error, "options.flags has an unknown bit");
    status = vl_check_language(o->language, true, error);
    if (status == VEIL_OK) status = check_entities(o->entities, o->entity_count, o->exclude, o->exclude_count, error);
    if (status == VEIL_OK) status = vl_check_operators(o->operators, o->operator_count, error);
    if (status == VEIL_OK) status = vl_check_score(o->min_score, "options.min_score", error);
    if (status == VEIL_OK) status = check_input(o->subject, "subject", error);
    if (status == VEIL_OK) status = check_input(o->token_context, "token_context", error);
    if (status == VEIL_OK) status = check_input(o->field, "field", error);
    if (status == VEIL_OK) status = check_fields(o, error);
    return status;
}

static veil_status check_polygons(const veil_polygon *polygons, size_t count, veil_error *error)
{
    const veil_status status = check_list(polygons, count, "polygons", error);
    for (size_t i = 0; status == VEIL_OK && i < count; i++)
        if (polygons[i].struct_size != sizeof *polygons || polygons[i].points == NULL || polygons[i].point_count < 3 ||
            polygons[i].point_count > 1024)
            return vl_error_set(error, VEIL_ERR_INVALID_ARGUMENT, 0,
                                "polygons[%zu] has a wrong struct_size, no points, or not 3 to 1024 corners", i);
    return status;
}

static veil_status check_regions(const veil_region *regions, size_t count, const char *field, veil_error *error)
{
    const veil_status status = check_list(regions, count, field, error);
    for (size_t i = 0; status == VEIL_OK && i < count; i++)
        if (regions[i].w <= 0 || regions[i].h <= 0 || regions[i].reserved != 0)
            return vl_error_set(error, VEIL_ERR_INVALID_ARGUMENT, 0,
                                "%s[%zu] is %d by %d, or its reserved field is not 0", field, i, regions[i].w,
                                regions[i].h);
    return status;
}

veil_status vl_check_image_options(const veil_image_options **options, veil_image_options *local, veil_error *error)
{
    if (*options == NULL) return VEIL_OK;
    veil_status status = vl_check_struct(*options, OPTIONS_MIN_BYTES, sizeof *local, "options", error);
    if (status != VEIL_OK) return status;
    veil_image_options_init(local);
    const veil_image_options *o = complete(*options, local, sizeof *local);
    *options = o;
    if ((o->flags & ~(uint32_t)(VEIL_IMAGE_NO_CACHE | VEIL_IMAGE_NO_DETECTORS | VEIL_IMAGE_TEXT | VEIL_IMAGE_PAYLOADS |
                                VEIL_IMAGE_ELLIPSE)) != 0)
        return invalid(error, "options.flags has an unknown bit");
    if (isnan(o->margin_percent) || o->margin_percent > 100.0f)
        return invalid(error, "options.margin_percent is not a number of at most 100");
    if (o->jpeg_quality > 100) return invalid(error, "options.jpeg_quality is above 100");
    if (o->reserved != 0) return invalid(error, "options.reserved is not 0");
    status = check_regions(o->regions, o->region_count, "regions", error);
    if (status == VEIL_OK) status = check_regions(o->exempt, o->exempt_count, "exempt", error);
    if (status == VEIL_OK) status = check_polygons(o->polygons, o->polygon_count, error);
    if (status == VEIL_OK) status = check_entities(o->entities, o->entity_count, o->exclude, o->exclude_count, error);
    if (status == VEIL_OK) status = vl_check_effects(o->effects, o->effect_count, error);
    if (status == VEIL_OK) status = vl_check_score(o->min_score, "options.min_score", error);
    return status;
}

static veil_status check_ranges(const veil_audio_range *ranges, size_t count, veil_error *error)
{
    const veil_status status = check_list(ranges, count, "ranges", error);
    for (size_t i = 0; status == VEIL_OK && i < count; i++) {
        const veil_audio_range *range = &ranges[i];
        const bool is_span = isfinite(range->start_s) && isfinite(range->end_s) && range->start_s >= 0.0 &&
                             range->end_s >= range->start_s;
        if (!is_span || range->channel < -1 || range->reserved != 0)
            return vl_error_set(error, VEIL_ERR_INVALID_ARGUMENT, 0,
                                "ranges[%zu] is not a finite span from 0 on, or its channel or reserved field is wrong",
                                i);
    }
    return status;
}

veil_status vl_check_audio_options(const veil_audio_options **options, veil_audio_options *local, veil_error *error)
{
    if (*options == NULL) return VEIL_OK;
    veil_status status = vl_check_struct(*options, OPTIONS_MIN_BYTES, sizeof *local, "options", error);
    if (status != VEIL_OK) return status;
    veil_audio_options_init(local);
    const veil_audio_options *o = complete(*options, local, sizeof *local);
    *options = o;
    if ((o->flags & ~(uint32_t)(VEIL_AUDIO_ASR | VEIL_AUDIO_SPEAKER_ONLY)) != 0)
        return invalid(error, "options.flags has an unknown bit");
    if (o->transcript == NULL && o->transcript_bytes != 0)
        return invalid(error, "options.transcript is NULL but transcript_bytes is not 0");
    if (o->transcript_format > VEIL_TRANSCRIPT_VTT) return invalid(error, "options.transcript_format is unknown");
    if (o->guard_ms > 60000 || o->fade_ms > 60000)
        return invalid(error, "options.guard_ms or options.fade_ms is above 60000");
    if (o->heard == NULL && o->heard_count != 0)
        return invalid(error, "options.heard is NULL but heard_count is not 0");
    status = check_ranges(o->ranges, o->range_count, error);
    if (status == VEIL_OK) status = vl_check_language(o->language, true, error);
    if (status == VEIL_OK) status = check_entities(o->entities, o->entity_count, o->exclude, o->exclude_count, error);
    if (status == VEIL_OK) status = vl_check_effects(o->effects, o->effect_count, error);
    if (status == VEIL_OK) status = vl_check_score(o->min_score, "options.min_score", error);
    return status;
}
