/*
 * From names and rules to a request. An unknown name is an error, a known one that pictures are not searched for is
 * UNSUPPORTED: nothing that was asked for is left out in silence.
 */
#include "image/request.h"

#include <string.h>

#include "core/clock.h"
#include "image/codes.h"
#include "image/image.h"
#include "image/shapes.h"
#include "text/text.h"

#define FILL_COLOR 0x000000u
#define PERCENT    100.0F

typedef enum name_kind {
    NAME_FACE,
    NAME_QR,
    NAME_BARS,
    NAME_REGION,
    NAME_TEXT,
    NAME_NOT_SERVED,
    NAME_UNKNOWN
} name_kind;

/* Entities of the host's own recognizers are text, too. */
static bool is_text(const vl_text_engine *text, const char *name)
{
    return vl_text_entity_exists(name) || (text != NULL && vl_text_engine_has(text, name) != VEIL_ERR_INVALID_ARGUMENT);
}

static name_kind kind_of(const vl_text_engine *text, const char *name)
{
    if (strcmp(name, "FACE") == 0) return NAME_FACE;
    if (strcmp(name, "REGION") == 0) return NAME_REGION;
    if (strcmp(name, "QR_CODE") == 0) return vl_codes_are_built() ? NAME_QR : NAME_NOT_SERVED;
    if (strcmp(name, "BARCODE") == 0) return vl_codes_are_built() ? NAME_BARS : NAME_NOT_SERVED;
    return is_text(text, name) ? NAME_TEXT : NAME_UNKNOWN;
}

static bool holds(const char *const *names, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(names[i], name) == 0) return true;
    }
    return false;
}

/* ---- Effects ----------------------------------------------------------------------------------------------------- */

static bool is_pixel_effect(uint32_t effect)
{
    return effect >= VEIL_EFFECT_FILL && effect <= VEIL_EFFECT_KEEP;
}

/* Means of cells give text and codes away to who tries a list of guesses: these effects are for faces and the caller's regions. */
static bool is_by_means(uint32_t effect)
{
    return effect == VEIL_EFFECT_BLUR || effect == VEIL_EFFECT_PIXELATE;
}

static bool takes_means(const char *entity)
{
    return strcmp(entity, "FACE") == 0 || strcmp(entity, "REGION") == 0;
}

/* The last rule that names the entity wins; "*" stands for every entity that is not named. What may not be blurred is filled. */
static void choose_effect(const veil_effect_rule *rules, size_t count, const char *entity, vl_region_effect *chosen)
{
    for (size_t i = 0; i < count; i++) {
        const bool names_it = strcmp(rules[i].entity, entity) == 0;
        const bool is_star = strcmp(rules[i].entity, "*") == 0;

        if (!is_pixel_effect(rules[i].effect)) continue;
        if (!names_it && (!is_star || chosen->is_named)) continue;
        *chosen = (vl_region_effect){rules[i].effect, rules[i].color_rgb, names_it};
        if (is_by_means(rules[i].effect) && !takes_means(entity))
            *chosen = (vl_region_effect){VEIL_EFFECT_FILL, FILL_COLOR, names_it};
    }
}

static bool is_refused_means(const veil_effect_rule *rule)
{
    return is_by_means(rule->effect) && strcmp(rule->entity, "*") != 0 && !takes_means(rule->entity);
}

static veil_status check_call_effects(const vl_image_policy *policy, const veil_image_options *options,
                                      veil_error *error)
{
    for (size_t i = 0; i < options->effect_count; i++) {
        const veil_effect_rule *rule = &options->effects[i];

        if (!is_pixel_effect(rule->effect))
            return vl_error_set(error, VEIL_ERR_INVALID_ARGUMENT, 0, "effects[%zu] is no effect on pixels", i);
        if (strcmp(rule->entity, "*") == 0) continue;
        if (kind_of(policy->text, rule->entity) != NAME_UNKNOWN && is_refused_means(rule))
            return vl_error_set(error, VEIL_ERR_INVALID_ARGUMENT, 0,
                                "effects[%zu]: blur and pixelate are for FACE and REGION; text and codes can be "
                                "guessed from them",
                                i);
        switch (kind_of(policy->text, rule->entity)) {
        case NAME_UNKNOWN:
            return vl_error_set(error, VEIL_ERR_INVALID_ARGUMENT, 0, "effects[%zu] names an unknown entity", i);
        case NAME_TEXT:
            if (policy->text != NULL) break;
            return vl_error_set(error, VEIL_ERR_UNSUPPORTED, 0,
                                "effects[%zu] names an entity of text, which this sanitizer does not find in pictures",
                                i);
        case NAME_NOT_SERVED:
            return vl_error_set(error, VEIL_ERR_UNSUPPORTED, 0, "effects[%zu] names an entity that this build lacks",
                                i);
        default:
            break;
        }
    }
    return VEIL_OK;
}

static veil_status check_config_effects(const veil_config *config, veil_error *error)
{
    for (size_t i = 0; i < config->effect_count; i++) {
        const name_kind kind = kind_of(NULL, config->effects[i].entity);

        if (kind < NAME_TEXT && !is_pixel_effect(config->effects[i].effect))
            return vl_error_set(error, VEIL_ERR_INVALID_ARGUMENT, 0, "config.effects[%zu] is no effect on pixels", i);
    }
    return VEIL_OK;
}

/* ---- Policy ------------------------------------------------------------------------------------------------------ */

static bool is_listed(const veil_config *config, const char *name)
{
    return config->entities == NULL || holds(config->entities, config->entity_count, name);
}

static bool lists_text(const vl_text_engine *text, const char *const *names, size_t count)
{
    for (size_t i = 0; names != NULL && i < count; i++) {
        if (kind_of(text, names[i]) == NAME_TEXT) return true;
    }
    return false;
}

static bool is_in_force(const veil_config *config, const char *name)
{
    return is_listed(config, name) && !holds(config->exclude, config->exclude_count, name);
}

/* Rules for entities of text are kept by name: which of them will be found, the text engine knows. */
static veil_status copy_text_effects(const veil_config *config, const vl_allocator *allocator, vl_image_policy *policy)
{
    if (policy->text == NULL || config->effect_count == 0) return VEIL_OK;
    policy->text_effects = vl_alloc_zero(allocator, config->effect_count, sizeof *policy->text_effects);
    if (policy->text_effects == NULL) return VEIL_ERR_NO_MEMORY;
    policy->text_effect_count = config->effect_count;
    for (size_t i = 0; i < config->effect_count; i++) {
        const veil_effect_rule *rule = &config->effects[i];
        vl_text_effect *copy = &policy->text_effects[i];

        if (!is_pixel_effect(rule->effect) || strlen(rule->entity) >= sizeof copy->entity) continue;
        memcpy(copy->entity, rule->entity, strlen(rule->entity));
        copy->effect = (vl_region_effect){rule->effect, rule->color_rgb, true};
    }
    return VEIL_OK;
}

void vl_image_policy_release(vl_image_policy *policy, const vl_allocator *allocator)
{
    vl_free(allocator, policy->text_effects, policy->text_effect_count * sizeof *policy->text_effects);
    policy->text_effects = NULL;
    policy->text_effect_count = 0;
}

static void choose_effects(const veil_config *config, vl_image_policy *policy)
{
    policy->face = (vl_region_effect){VEIL_EFFECT_BLUR, FILL_COLOR, false};
    policy->region = (vl_region_effect){VEIL_EFFECT_FILL, FILL_COLOR, false};
    policy->qr = policy->bars = policy->any_text = policy->region;
    choose_effect(config->effects, config->effect_count, "FACE", &policy->face);
    choose_effect(config->effects, config->effect_count, "QR_CODE", &policy->qr);
    choose_effect(config->effects, config->effect_count, "BARCODE", &policy->bars);
    choose_effect(config->effects, config->effect_count, "", &policy->any_text);
    choose_effect(config->effects, config->effect_count, "REGION", &policy->region);
}

veil_status vl_image_policy_make(const veil_config *config, const vl_text_engine *text, const vl_allocator *allocator,
                                 vl_image_policy *policy, veil_error *error)
{
    for (size_t i = 0; config->entities != NULL && i < config->entity_count; i++) {
        if (kind_of(text, config->entities[i]) == NAME_NOT_SERVED)
            return vl_error_set(error, VEIL_ERR_UNSUPPORTED, 0, "config.entities[%zu] is not found by this build", i);
    }
    memset(policy, 0, sizeof *policy);
    policy->text = text;
    policy->has_ocr = text != NULL && config->ocr != NULL;
    policy->has_faces = is_in_force(config, "FACE");
    policy->has_qr = vl_codes_are_built() && is_in_force(config, "QR_CODE");
    policy->has_bars = vl_codes_are_built() && is_in_force(config, "BARCODE");
    policy->may_read_qr = vl_codes_are_built() && !holds(config->exclude, config->exclude_count, "QR_CODE");
    policy->may_read_bars = vl_codes_are_built() && !holds(config->exclude, config->exclude_count, "BARCODE");
    policy->names_text = lists_text(text, config->entities, config->entity_count);
    policy->has_regions = !holds(config->exclude, config->exclude_count, "REGION");
    /* who lists REGION by name may well give none in a call; who lists nothing has not asked for a call that does nothing */
    policy->finds_anything = policy->has_faces || policy->has_qr || policy->has_bars ||
                             (config->entities != NULL && is_in_force(config, "REGION"));
    policy->min_score = config->face_min_score;
    policy->margin = config->margin_percent / PERCENT;
    choose_effects(config, policy);
    if (copy_text_effects(config, allocator, policy) != VEIL_OK)
        return vl_error_set(error, VEIL_ERR_NO_MEMORY, 0, "no memory for the effects");
    return check_config_effects(config, error);
}

/* ---- Request ----------------------------------------------------------------------------------------------------- */

static veil_status check_names(const vl_image_policy *policy, const char *const *names, size_t count,
                               bool must_be_served, veil_error *error)
{
    size_t texts = 0;

    for (size_t i = 0; i < count; i++) {
        const name_kind kind = kind_of(policy->text, names[i]);

        texts += kind == NAME_TEXT;
        if (kind == NAME_UNKNOWN)
            return vl_error_set(error, VEIL_ERR_INVALID_ARGUMENT, 0, "%s[%zu] is unknown",
                                must_be_served ? "entities" : "exclude", i);
        if (kind == NAME_NOT_SERVED && must_be_served)
            return vl_error_set(error, VEIL_ERR_UNSUPPORTED, 0, "entities[%zu] is not found by this build", i);
        if (kind == NAME_TEXT && must_be_served && !policy->has_ocr)
            return vl_error_set(error, VEIL_ERR_UNSUPPORTED, 0,
                                "entities[%zu] is text, and the sanitizer has no config.ocr to read pictures with", i);
    }
    if (texts > VL_TEXT_NAMES_MAX)
        return vl_error_set(error, VEIL_ERR_LIMIT, 0, "%zu text entities; at most %u", texts, VL_TEXT_NAMES_MAX);
    return VEIL_OK;
}

/* Whether something is looked for: the call's list or the sanitizer's, without what is excluded. */
static veil_status resolve_one(const veil_image_options *options, const char *name, bool is_made, bool *wants,
                               veil_error *error)
{
    const bool is_named = options->entities != NULL && holds(options->entities, options->entity_count, name);
    const bool is_off = (options->flags & VEIL_IMAGE_NO_DETECTORS) != 0;

    if (is_named && is_off)
        return vl_error_set(error, VEIL_ERR_INVALID_ARGUMENT, 0, "%s is named, but detectors are switched off", name);
    if (is_named && !is_made)
        return vl_error_set(error, VEIL_ERR_UNSUPPORTED, 0, "the sanitizer was created without %s", name);
    *wants = !is_off && is_made && (options->entities == NULL || is_named) &&
             !holds(options->exclude, options->exclude_count, name);
    return VEIL_OK;
}

/* Codes are read for what is reported of them, and for what they say when text is named: then they are not reported themselves. */
static veil_status resolve_payloads(const vl_image_policy *policy, const veil_image_options *options, bool names_text,
                                    vl_image_request *request, veil_error *error)
{
    request->wants_payloads = (options->flags & VEIL_IMAGE_PAYLOADS) != 0;
    request->reads_qr = request->wants_qr;
    request->reads_bars = request->wants_bars;
    if (!request->wants_payloads) return VEIL_OK;
    if (policy->text == NULL)
        return vl_error_set(error, VEIL_ERR_UNSUPPORTED, 0, "PAYLOADS needs a sanitizer that looks for text");
    if (names_text || (options->entities == NULL && policy->names_text)) {
        request->reads_qr = policy->may_read_qr && !holds(options->exclude, options->exclude_count, "QR_CODE");
        request->reads_bars = policy->may_read_bars && !holds(options->exclude, options->exclude_count, "BARCODE");
    }
    if (request->reads_qr || request->reads_bars) return VEIL_OK;
    return vl_error_set(error, VEIL_ERR_UNSUPPORTED, 0, "PAYLOADS: neither codes nor text are to be found");
}

static veil_status resolve_detectors(const vl_image_policy *policy, const veil_image_options *options,
                                     vl_image_request *request, veil_error *error)
{
    const bool is_off = (options->flags & VEIL_IMAGE_NO_DETECTORS) != 0;
    const bool names_text = lists_text(policy->text, options->entities, options->entity_count);
    veil_status status = resolve_one(options, "FACE", policy->has_faces, &request->wants_faces, error);

    if (status == VEIL_OK) status = resolve_one(options, "QR_CODE", policy->has_qr, &request->wants_qr, error);
    if (status == VEIL_OK) status = resolve_one(options, "BARCODE", policy->has_bars, &request->wants_bars, error);
    if (status != VEIL_OK) return status;
    request->wants_text = names_text || (options->flags & VEIL_IMAGE_TEXT) != 0;
    if ((request->wants_text || (options->flags & VEIL_IMAGE_PAYLOADS) != 0) && is_off)
        return vl_error_set(error, VEIL_ERR_INVALID_ARGUMENT, 0, "text is asked for, but detectors are switched off");
    if (request->wants_text && !policy->has_ocr)
        return vl_error_set(error, VEIL_ERR_UNSUPPORTED, 0, "the sanitizer has no config.ocr to read pictures with");
    status = resolve_payloads(policy, options, names_text, request, error);
    if (status != VEIL_OK) return status;
    if (options->entities == NULL && options->region_count + options->polygon_count == 0 && !is_off &&
        !policy->finds_anything && !vl_image_request_detects(request))
        return vl_error_set(error, VEIL_ERR_UNSUPPORTED, 0, "none of the sanitizer's entities is found in pictures");
    return VEIL_OK;
}

static veil_status resolve_regions(const vl_image_policy *policy, const veil_image_options *options,
                                   vl_image_request *request, veil_error *error)
{
    const bool is_excluded = !policy->has_regions || holds(options->exclude, options->exclude_count, "REGION");

    if (options->region_count > VL_CALLER_REGIONS_MAX)
        return vl_error_set(error, VEIL_ERR_LIMIT, 0, "%zu regions; at most %u", options->region_count,
                            VL_CALLER_REGIONS_MAX);
    if (options->exempt_count > VL_CALLER_REGIONS_MAX || options->polygon_count > VL_POLYGONS_MAX)
        return vl_error_set(error, VEIL_ERR_LIMIT, 0, "%zu exempt boxes, %zu polygons; at most %u and %u",
                            options->exempt_count, options->polygon_count, VL_CALLER_REGIONS_MAX, VL_POLYGONS_MAX);
    if (options->region_count + options->polygon_count > 0 && is_excluded)
        return vl_error_set(error, VEIL_ERR_INVALID_ARGUMENT, 0, "regions are given, but REGION is excluded");
    for (size_t i = 0; i < options->region_count; i++) {
        if (options->regions[i].w <= 0 || options->regions[i].h <= 0)
            return vl_error_set(error, VEIL_ERR_INVALID_ARGUMENT, 0, "regions[%zu] is empty", i);
    }
    request->regions = options->regions;
    request->region_count = options->region_count;
    request->polygons = options->polygons;
    request->polygon_count = options->polygon_count;
    request->exempt = options->exempt;
    request->exempt_count = options->exempt_count;
    request->min_side = options->min_side;
    return VEIL_OK;
}

static veil_status resolve(const vl_image_policy *policy, const veil_image_options *options, vl_image_request *request,
                           veil_error *error)
{
    veil_status status = VEIL_OK;

    if (options->entities != NULL) status = check_names(policy, options->entities, options->entity_count, true, error);
    if (status == VEIL_OK) status = check_names(policy, options->exclude, options->exclude_count, false, error);
    if (status == VEIL_OK) status = check_call_effects(policy, options, error);
    if (status == VEIL_OK) status = resolve_detectors(policy, options, request, error);
    if (status == VEIL_OK) status = resolve_regions(policy, options, request, error);
    if (status != VEIL_OK) return status;
    request->has_min_score = options->min_score >= 0;
    if (request->has_min_score) request->min_score = request->mark_min_score = options->min_score;
    request->entities = options->entities;
    request->entity_count = options->entities != NULL ? options->entity_count : 0;
    request->exclude = options->exclude;
    request->exclude_count = options->exclude_count;
    request->effects = options->effects;
    request->effect_count = options->effect_count;
    if (options->margin_percent >= 0) request->margin = options->margin_percent / PERCENT;
    request->wants_cache = (options->flags & VEIL_IMAGE_NO_CACHE) == 0;
    request->wants_ellipses = (options->flags & VEIL_IMAGE_ELLIPSE) != 0;
    request->tenant = options->tenant;
    request->deadline_ns = vl_deadline_after_us(options->timeout_us);
    request->jpeg_quality = options->jpeg_quality;
    choose_effect(options->effects, options->effect_count, "FACE", &request->face);
    choose_effect(options->effects, options->effect_count, "QR_CODE", &request->qr);
    choose_effect(options->effects, options->effect_count, "BARCODE", &request->bars);
    choose_effect(options->effects, options->effect_count, "REGION", &request->region);
    return VEIL_OK;
}

veil_status vl_image_request_make(const vl_image_policy *policy, const veil_image_options *options,
                                  vl_image_request *request, veil_error *error)
{
    *request = (vl_image_request){
        .policy = policy,
        .wants_faces = policy->has_faces,
        .wants_qr = policy->has_qr,
        .wants_bars = policy->has_bars,
        .reads_qr = policy->has_qr,
        .reads_bars = policy->has_bars,
        .wants_cache = true,
        .min_score = policy->min_score,
        .margin = policy->margin,
        .face = policy->face,
        .qr = policy->qr,
        .bars = policy->bars,
        .region = policy->region,
    };
    if (options != NULL) return resolve(policy, options, request, error);
    if (!policy->finds_anything)
        return vl_error_set(error, VEIL_ERR_UNSUPPORTED, 0, "none of the sanitizer's entities is found in pictures");
    return VEIL_OK;
}

veil_status vl_image_request_fits(const vl_image_request *request, uint32_t width, uint32_t height, veil_error *error)
{
    for (size_t i = 0; i < request->region_count; i++) {
        const veil_region *given = &request->regions[i];
        const bool is_left = (int64_t)given->x + given->w <= 0 || (int64_t)given->y + given->h <= 0;
        const bool is_right = given->x >= (int64_t)width || given->y >= (int64_t)height;

        if (is_left || is_right)
            return vl_error_set(error, VEIL_ERR_INVALID_ARGUMENT, 0,
                                "regions[%zu] lies wholly outside of the picture's %u x %u pixels", i, width, height);
    }
    for (size_t i = 0; i < request->polygon_count; i++) {
        const vl_image_view view = {.width = width, .height = height};
        vl_rect box;

        if (!vl_polygon_box(&request->polygons[i], &view, &box))
            return vl_error_set(error, VEIL_ERR_INVALID_ARGUMENT, 0,
                                "polygons[%zu] lies wholly outside of the picture's %u x %u pixels", i, width, height);
    }
    return VEIL_OK;
}

static vl_region_effect text_effect(const vl_image_request *request, const char *entity)
{
    const vl_image_policy *policy = request->policy;
    vl_region_effect chosen = policy->any_text;

    for (size_t i = 0; i < policy->text_effect_count; i++) {
        if (strcmp(policy->text_effects[i].entity, entity) == 0) chosen = policy->text_effects[i].effect;
    }
    choose_effect(request->effects, request->effect_count, entity, &chosen);
    return chosen;
}

vl_region_effect vl_image_request_effect(const vl_image_request *request, const char *entity)
{
    switch (kind_of(request->policy->text, entity)) {
    case NAME_FACE:
        return request->face;
    case NAME_QR:
        return request->qr;
    case NAME_BARS:
        return request->bars;
    case NAME_TEXT:
        return text_effect(request, entity);
    default:
        return request->region;
    }
}

/* FNV-1a (Fowler, Noll, Vo), 64 bits: the key that it goes into is hashed under a secret. */
static uint64_t add_names(uint64_t digest, const char *const *names, size_t count)
{
    for (size_t i = 0; i <= count; i++) {
        for (const char *c = i < count ? names[i] : "\n"; *c != '\0'; c++)
            digest = (digest ^ (unsigned char)*c) * UINT64_C(1099511628211);
        digest = (digest ^ ',') * UINT64_C(1099511628211);
    }
    return digest;
}

uint64_t vl_image_request_names(const vl_image_request *request)
{
    uint64_t digest = UINT64_C(14695981039346656037);

    if (!request->wants_text && !request->wants_payloads) return 0; /* names of text change nothing */
    digest = add_names(digest, request->entities, request->entity_count);
    return add_names(digest, request->exclude, request->exclude_count);
}
