/*
 * The text engine's interface to api, image and audio. An engine is immutable; each call takes a workspace from its pool.
 */
#ifndef VL_TEXT_TEXT_H
#define VL_TEXT_TEXT_H

#include <stdbool.h>

#include "core/runtime.h"

typedef struct vl_text_engine vl_text_engine;

/** Compile the recognizers that `config` asks for and prove each with its known answer (SELF_TEST when one is silent). */
veil_status vl_text_engine_create(const veil_config *config, const vl_runtime *runtime, vl_text_engine **out,
                                  veil_error *error);
void vl_text_engine_destroy(vl_text_engine *engine);

/** As veil_text_scan and veil_text_redact; pointers, struct_size and reserved fields were checked by api. Names of entities
 *  in options are resolved here. */
veil_status vl_text_scan(const vl_text_engine *engine, const veil_text_options *options, const char *text,
                         size_t text_bytes, veil_text_result *result, veil_error *error);
veil_status vl_text_redact(const vl_text_engine *engine, const veil_text_options *options, const char *text,
                           size_t text_bytes, char *out, size_t out_capacity, size_t *out_bytes,
                           veil_text_result *result, veil_error *error);

/** As veil_text_restore and veil_value_decrypt; result may be NULL. */
veil_status vl_text_restore(const vl_text_engine *engine, const veil_text_options *options, const char *text,
                            size_t text_bytes, char *out, size_t out_capacity, size_t *out_bytes,
                            veil_restore_result *result, veil_error *error);
veil_status vl_value_decrypt(const vl_text_engine *engine, const veil_text_options *options,
                             const veil_operator_rule *rule, const char *value, size_t value_bytes, char *out,
                             size_t out_capacity, size_t *out_bytes, veil_error *error);

#define VL_OPERATOR_INPUT_MAX_BYTES 1024u /* subject, token_context, field */

/** What the first version of the struct had; elements of an array are rules[0].struct_size apart. */
#define VL_OPERATOR_RULE_MIN_BYTES 48u
/** "hash", "token", ... */
const char *vl_operator_name(uint32_t op);
/** Element `index` of the caller's array, completed with zeros; false when its size is wrong or unknown bytes are set. */
bool vl_operator_rule_read(const veil_operator_rule *rules, size_t index, veil_operator_rule *out);

/** Recognizers that gave their known answer. */
uint64_t vl_text_engine_live(const vl_text_engine *engine);

/** 1 when the entity runs by default in this engine, 0 when not, INVALID_ARGUMENT for a name no recognizer serves. */
veil_status vl_text_engine_has(const vl_text_engine *engine, const char *entity);

/** Catalogue of text entities, ordered by name. */
size_t vl_text_entity_count(void);
void vl_text_entity_at(size_t index, veil_entity_info *info);
/** True when a text recognizer serves this name (static catalogue). */
bool vl_text_entity_exists(const char *name);
/** The same with the own recognizers of a config. */
bool vl_text_config_names(const veil_config *config, const char *name);

/** Everything about a recognizer that needs no compiling; `index` is for the message. */
veil_status vl_text_recognizer_check(const veil_recognizer *recognizer, size_t index, veil_error *error);
bool vl_text_validator_exists(const char *name);

/** Entities of this engine: the catalogue's, and behind them those that own recognizers alone name. */
size_t vl_text_engine_entity_count(const vl_text_engine *engine);
void vl_text_engine_entity_at(const vl_text_engine *engine, size_t index, veil_entity_info *info);
/** A callback recognizer may run: such a text is needed whole. */
bool vl_text_engine_has_callbacks(const vl_text_engine *engine);

/** "any" or a code of ISO 639-1, in small letters. */
bool vl_language_is_known(const char *language);

/** As veil_text_convert_offsets. */
veil_status vl_text_convert_offsets(const char *text, size_t text_bytes, uint32_t unit, veil_finding *findings,
                                    size_t finding_count);

/** Hyperscan's own, such as "5.4.0 2023-01-14". */
const char *vl_text_engine_version(void);

#endif
