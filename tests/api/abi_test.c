/*
 * The binary interface of a release does not change: sizes and offsets of every public struct, and every number of every
 * enumeration that callers compile in, as frozen in abi.txt. To append: add rows here, run with --write, review the diff.
 */
#include "api_support.h"

typedef struct row {
    const char *name;
    size_t value;
    size_t size; /* of a field; 0 for other rows */
} row;

#define SIZE(type)                                                                                                     \
    {                                                                                                                  \
        "sizeof " #type, sizeof(type), 0                                                                               \
    }
#define AT(type, field)                                                                                                \
    {                                                                                                                  \
#type "." #field, offsetof(type, field), sizeof(((type *)0)->field)                                            \
    }
#define NUMBER(constant)                                                                                               \
    {                                                                                                                  \
#constant, (size_t)(int64_t)(constant), 0                                                                      \
    }

static const row rows[] = {
    SIZE(veil_error),
    AT(veil_error, struct_size),
    AT(veil_error, status),
    AT(veil_error, reserved),
    AT(veil_error, offset),
    AT(veil_error, message),
    SIZE(veil_operator_rule),
    AT(veil_operator_rule, struct_size),
    AT(veil_operator_rule, entity),
    AT(veil_operator_rule, text),
    AT(veil_operator_rule, op),
    AT(veil_operator_rule, mask_char),
    AT(veil_operator_rule, mask_count),
    AT(veil_operator_rule, mask_end),
    AT(veil_operator_rule, hash_bits),
    AT(veil_operator_rule, reserved),
    AT(veil_operator_rule, cipher),
    AT(veil_operator_rule, shift_days),
    AT(veil_operator_rule, replace),
    AT(veil_operator_rule, replace_user),
    SIZE(veil_effect_rule),
    AT(veil_effect_rule, struct_size),
    AT(veil_effect_rule, entity),
    AT(veil_effect_rule, effect),
    AT(veil_effect_rule, color_rgb),
    SIZE(veil_callback_finding),
    AT(veil_callback_finding, start),
    AT(veil_callback_finding, end),
    AT(veil_callback_finding, score),
    AT(veil_callback_finding, reserved),
    SIZE(veil_recognizer),
    AT(veil_recognizer, struct_size),
    AT(veil_recognizer, name),
    AT(veil_recognizer, entity),
    AT(veil_recognizer, items),
    AT(veil_recognizer, item_count),
    AT(veil_recognizer, validator),
    AT(veil_recognizer, context),
    AT(veil_recognizer, context_count),
    AT(veil_recognizer, languages),
    AT(veil_recognizer, language_count),
    AT(veil_recognizer, sample),
    AT(veil_recognizer, callback),
    AT(veil_recognizer, user),
    AT(veil_recognizer, score),
    AT(veil_recognizer, kind),
    AT(veil_recognizer, flags),
    AT(veil_recognizer, line),
    SIZE(veil_allow_rule),
    AT(veil_allow_rule, struct_size),
    AT(veil_allow_rule, entity),
    AT(veil_allow_rule, text),
    AT(veil_allow_rule, kind),
    AT(veil_allow_rule, is_caseless),
    AT(veil_allow_rule, line),
    AT(veil_allow_rule, reserved),
    SIZE(veil_config),
    AT(veil_config, struct_size),
    AT(veil_config, modalities),
    AT(veil_config, profile),
    AT(veil_config, language),
    AT(veil_config, entities),
    AT(veil_config, entity_count),
    AT(veil_config, exclude),
    AT(veil_config, exclude_count),
    AT(veil_config, operators),
    AT(veil_config, operator_count),
    AT(veil_config, effects),
    AT(veil_config, effect_count),
    AT(veil_config, key),
    AT(veil_config, key_bytes),
    AT(veil_config, model_path),
    AT(veil_config, model_sha256),
    AT(veil_config, min_score),
    AT(veil_config, face_min_score),
    AT(veil_config, margin_percent),
    AT(veil_config, utf8_policy),
    AT(veil_config, text_workspaces),
    AT(veil_config, image_workspaces),
    AT(veil_config, audio_workspaces),
    AT(veil_config, pool_policy),
    AT(veil_config, worker_count),
    AT(veil_config, queue_capacity),
    AT(veil_config, cache_entries),
    AT(veil_config, cache_hash),
    AT(veil_config, near_duplicates),
    AT(veil_config, metrics),
    AT(veil_config, cpu_level),
    AT(veil_config, max_audio_channels),
    AT(veil_config, max_text_bytes),
    AT(veil_config, max_image_bytes),
    AT(veil_config, max_image_pixels),
    AT(veil_config, max_audio_seconds),
    AT(veil_config, alloc),
    AT(veil_config, free),
    AT(veil_config, alloc_user),
    AT(veil_config, log),
    AT(veil_config, log_user),
    AT(veil_config, flags),
    AT(veil_config, recognizers),
    AT(veil_config, recognizer_count),
    AT(veil_config, allow),
    AT(veil_config, allow_count),
    SIZE(veil_entity_info),
    AT(veil_entity_info, struct_size),
    AT(veil_entity_info, name),
    AT(veil_entity_info, description),
    AT(veil_entity_info, country),
    AT(veil_entity_info, languages),
    AT(veil_entity_info, validator),
    AT(veil_entity_info, kind),
    AT(veil_entity_info, score),
    AT(veil_entity_info, is_default),
    SIZE(veil_build_info),
    AT(veil_build_info, struct_size),
    AT(veil_build_info, version),
    AT(veil_build_info, engines),
    AT(veil_build_info, cpu_level),
    AT(veil_build_info, models),
    AT(veil_build_info, options),
    SIZE(veil_finding),
    AT(veil_finding, entity),
    AT(veil_finding, recognizer),
    AT(veil_finding, start),
    AT(veil_finding, end),
    AT(veil_finding, score),
    AT(veil_finding, is_loser),
    SIZE(veil_text_options),
    AT(veil_text_options, struct_size),
    AT(veil_text_options, language),
    AT(veil_text_options, entities),
    AT(veil_text_options, entity_count),
    AT(veil_text_options, exclude),
    AT(veil_text_options, exclude_count),
    AT(veil_text_options, operators),
    AT(veil_text_options, operator_count),
    AT(veil_text_options, min_score),
    AT(veil_text_options, flags),
    AT(veil_text_options, timeout_us),
    AT(veil_text_options, subject),
    AT(veil_text_options, token_context),
    AT(veil_text_options, field),
    AT(veil_text_options, fields),
    AT(veil_text_options, field_count),
    AT(veil_text_options, format),
    AT(veil_text_options, reserved),
    SIZE(veil_field_rule),
    AT(veil_field_rule, struct_size),
    AT(veil_field_rule, name),
    AT(veil_field_rule, entity),
    SIZE(veil_restore_result),
    AT(veil_restore_result, struct_size),
    AT(veil_restore_result, restored_count),
    AT(veil_restore_result, refused_count),
    SIZE(veil_text_result),
    AT(veil_text_result, struct_size),
    AT(veil_text_result, findings),
    AT(veil_text_result, finding_capacity),
    AT(veil_text_result, finding_count),
    SIZE(veil_text_item),
    AT(veil_text_item, text),
    AT(veil_text_item, text_bytes),
    AT(veil_text_item, out),
    AT(veil_text_item, out_capacity),
    AT(veil_text_item, out_bytes),
    AT(veil_text_item, findings),
    AT(veil_text_item, finding_capacity),
    AT(veil_text_item, finding_count),
    AT(veil_text_item, status),
    AT(veil_text_item, reserved),
    SIZE(veil_image),
    AT(veil_image, struct_size),
    AT(veil_image, pixels),
    AT(veil_image, stride_bytes),
    AT(veil_image, width),
    AT(veil_image, height),
    AT(veil_image, format),
    AT(veil_image, reserved),
    SIZE(veil_region),
    AT(veil_region, entity),
    AT(veil_region, x),
    AT(veil_region, y),
    AT(veil_region, w),
    AT(veil_region, h),
    AT(veil_region, score),
    AT(veil_region, reserved),
    SIZE(veil_image_options),
    AT(veil_image_options, struct_size),
    AT(veil_image_options, regions),
    AT(veil_image_options, region_count),
    AT(veil_image_options, entities),
    AT(veil_image_options, entity_count),
    AT(veil_image_options, exclude),
    AT(veil_image_options, exclude_count),
    AT(veil_image_options, effects),
    AT(veil_image_options, effect_count),
    AT(veil_image_options, min_score),
    AT(veil_image_options, margin_percent),
    AT(veil_image_options, flags),
    AT(veil_image_options, jpeg_quality),
    AT(veil_image_options, tenant),
    AT(veil_image_options, timeout_us),
    SIZE(veil_image_result),
    AT(veil_image_result, struct_size),
    AT(veil_image_result, regions),
    AT(veil_image_result, region_capacity),
    AT(veil_image_result, region_count),
    AT(veil_image_result, width),
    AT(veil_image_result, height),
    AT(veil_image_result, cache),
    AT(veil_image_result, reserved),
    SIZE(veil_audio),
    AT(veil_audio, struct_size),
    AT(veil_audio, samples),
    AT(veil_audio, frame_count),
    AT(veil_audio, sample_rate_hz),
    AT(veil_audio, channel_count),
    AT(veil_audio, format),
    AT(veil_audio, reserved),
    SIZE(veil_audio_range),
    AT(veil_audio_range, start_s),
    AT(veil_audio_range, end_s),
    AT(veil_audio_range, channel),
    AT(veil_audio_range, reserved),
    SIZE(veil_audio_finding),
    AT(veil_audio_finding, entity),
    AT(veil_audio_finding, start_s),
    AT(veil_audio_finding, end_s),
    AT(veil_audio_finding, score),
    AT(veil_audio_finding, channel),
    SIZE(veil_audio_options),
    AT(veil_audio_options, struct_size),
    AT(veil_audio_options, ranges),
    AT(veil_audio_options, range_count),
    AT(veil_audio_options, transcript),
    AT(veil_audio_options, transcript_bytes),
    AT(veil_audio_options, transcript_format),
    AT(veil_audio_options, min_score),
    AT(veil_audio_options, language),
    AT(veil_audio_options, entities),
    AT(veil_audio_options, entity_count),
    AT(veil_audio_options, exclude),
    AT(veil_audio_options, exclude_count),
    AT(veil_audio_options, effects),
    AT(veil_audio_options, effect_count),
    AT(veil_audio_options, guard_ms),
    AT(veil_audio_options, fade_ms),
    AT(veil_audio_options, flags),
    AT(veil_audio_options, reserved),
    AT(veil_audio_options, timeout_us),
    SIZE(veil_audio_result),
    AT(veil_audio_result, struct_size),
    AT(veil_audio_result, findings),
    AT(veil_audio_result, finding_capacity),
    AT(veil_audio_result, finding_count),
    AT(veil_audio_result, redacted_frames),
    AT(veil_audio_result, frame_count),
    AT(veil_audio_result, sample_rate_hz),
    AT(veil_audio_result, channel_count),
    AT(veil_audio_result, words),
    AT(veil_audio_result, reserved),
    SIZE(veil_completion),
    AT(veil_completion, struct_size),
    AT(veil_completion, user),
    AT(veil_completion, out_bytes),
    AT(veil_completion, status),
    AT(veil_completion, reserved),
    AT(veil_completion, error),
    SIZE(veil_job),
    AT(veil_job, struct_size),
    AT(veil_job, kind),
    AT(veil_job, priority),
    AT(veil_job, deadline_us),
    AT(veil_job, options),
    AT(veil_job, input),
    AT(veil_job, input_bytes),
    AT(veil_job, subject),
    AT(veil_job, out),
    AT(veil_job, out_capacity),
    AT(veil_job, result),
    AT(veil_job, on_done),
    AT(veil_job, queue),
    AT(veil_job, user),
    SIZE(veil_operation_metrics),
    AT(veil_operation_metrics, calls),
    AT(veil_operation_metrics, errors),
    AT(veil_operation_metrics, bytes),
    AT(veil_operation_metrics, samples),
    AT(veil_operation_metrics, p50_ns),
    AT(veil_operation_metrics, p90_ns),
    AT(veil_operation_metrics, p99_ns),
    AT(veil_operation_metrics, p999_ns),
    AT(veil_operation_metrics, p9999_ns),
    AT(veil_operation_metrics, max_ns),
    SIZE(veil_metrics),
    AT(veil_metrics, struct_size),
    AT(veil_metrics, operations),
    AT(veil_metrics, cache_hits),
    AT(veil_metrics, cache_near_hits),
    AT(veil_metrics, cache_misses),
    AT(veil_metrics, cache_evictions),
    AT(veil_metrics, findings),
    AT(veil_metrics, jobs_waiting),
    AT(veil_metrics, jobs_rejected),
    AT(veil_metrics, jobs_expired),
    AT(veil_metrics, pool_bytes),
    AT(veil_metrics, pool_grown),
    AT(veil_metrics, live_recognizers),
    NUMBER(VEIL_OK),
    NUMBER(VEIL_ERR_INVALID_ARGUMENT),
    NUMBER(VEIL_ERR_NO_MEMORY),
    NUMBER(VEIL_ERR_BUFFER_TOO_SMALL),
    NUMBER(VEIL_ERR_MALFORMED_INPUT),
    NUMBER(VEIL_ERR_UNSUPPORTED),
    NUMBER(VEIL_ERR_LIMIT),
    NUMBER(VEIL_ERR_BUSY),
    NUMBER(VEIL_ERR_TIMEOUT),
    NUMBER(VEIL_ERR_CANCELLED),
    NUMBER(VEIL_ERR_IO),
    NUMBER(VEIL_ERR_MODEL),
    NUMBER(VEIL_ERR_KEY),
    NUMBER(VEIL_ERR_SELF_TEST),
    NUMBER(VEIL_ERR_INTERNAL),
    NUMBER(VEIL_ERR_CALLBACK),
    NUMBER(VEIL_MODALITY_TEXT),
    NUMBER(VEIL_MODALITY_IMAGE),
    NUMBER(VEIL_MODALITY_AUDIO),
    NUMBER(VEIL_PROFILE_BALANCED),
    NUMBER(VEIL_PROFILE_SPEED),
    NUMBER(VEIL_PROFILE_ACCURACY),
    NUMBER(VEIL_PROFILE_MEMORY),
    NUMBER(VEIL_UTF8_OPAQUE),
    NUMBER(VEIL_UTF8_STRICT),
    NUMBER(VEIL_POOL_GROW),
    NUMBER(VEIL_POOL_BUSY),
    NUMBER(VEIL_CACHE_HASH_XXH3),
    NUMBER(VEIL_CACHE_HASH_MAC),
    NUMBER(VEIL_METRICS_SAMPLED),
    NUMBER(VEIL_METRICS_FULL),
    NUMBER(VEIL_METRICS_OFF),
    NUMBER(VEIL_CPU_AUTO),
    NUMBER(VEIL_CPU_PLAIN),
    NUMBER(VEIL_CPU_AVX2),
    NUMBER(VEIL_CPU_AVX512),
    NUMBER(VEIL_LOG_ERROR),
    NUMBER(VEIL_LOG_WARNING),
    NUMBER(VEIL_LOG_INFO),
    NUMBER(VEIL_OP_REPLACE),
    NUMBER(VEIL_OP_REDACT),
    NUMBER(VEIL_OP_MASK),
    NUMBER(VEIL_OP_HASH),
    NUMBER(VEIL_OP_KEEP),
    NUMBER(VEIL_OP_ENCRYPT),
    NUMBER(VEIL_OP_FPE),
    NUMBER(VEIL_OP_PSEUDONYM),
    NUMBER(VEIL_OP_TOKEN),
    NUMBER(VEIL_OP_DATE_SHIFT),
    NUMBER(VEIL_OP_CALLBACK),
    NUMBER(VEIL_CIPHER_GCM),
    NUMBER(VEIL_CIPHER_SIV),
    NUMBER(VEIL_CIPHER_CBC),
    NUMBER(VEIL_EFFECT_FILL),
    NUMBER(VEIL_EFFECT_SMOOTH),
    NUMBER(VEIL_EFFECT_BLUR),
    NUMBER(VEIL_EFFECT_PIXELATE),
    NUMBER(VEIL_EFFECT_KEEP),
    NUMBER(VEIL_EFFECT_BEEP),
    NUMBER(VEIL_EFFECT_SILENCE),
    NUMBER(VEIL_EFFECT_NOISE),
    NUMBER(VEIL_TEXT_ALL),
    NUMBER(VEIL_TEXT_NO_FOLD),
    NUMBER(VEIL_TEXT_NO_DECODE),
    NUMBER(VEIL_TEXT_NO_HEADER),
    NUMBER(VEIL_FORMAT_TEXT),
    NUMBER(VEIL_FORMAT_JSON),
    NUMBER(VEIL_FORMAT_NDJSON),
    NUMBER(VEIL_FORMAT_CSV),
    NUMBER(VEIL_FORMAT_TSV),
    NUMBER(VEIL_OFFSET_BYTE),
    NUMBER(VEIL_OFFSET_CODEPOINT),
    NUMBER(VEIL_OFFSET_UTF16),
    NUMBER(VEIL_PIXEL_BGR),
    NUMBER(VEIL_PIXEL_RGB),
    NUMBER(VEIL_PIXEL_BGRA),
    NUMBER(VEIL_PIXEL_RGBA),
    NUMBER(VEIL_PIXEL_GRAY),
    NUMBER(VEIL_IMAGE_NO_CACHE),
    NUMBER(VEIL_IMAGE_NO_DETECTORS),
    NUMBER(VEIL_CACHE_NONE),
    NUMBER(VEIL_CACHE_MISS),
    NUMBER(VEIL_CACHE_EXACT),
    NUMBER(VEIL_CACHE_NEAR),
    NUMBER(VEIL_SAMPLE_S16),
    NUMBER(VEIL_SAMPLE_F32),
    NUMBER(VEIL_TRANSCRIPT_AUTO),
    NUMBER(VEIL_TRANSCRIPT_WHISPER),
    NUMBER(VEIL_TRANSCRIPT_VOSK),
    NUMBER(VEIL_WORDS_NONE),
    NUMBER(VEIL_WORDS_TRANSCRIPT),
    NUMBER(VEIL_JOB_TEXT_SCAN),
    NUMBER(VEIL_JOB_TEXT_REDACT),
    NUMBER(VEIL_JOB_IMAGE_SCAN),
    NUMBER(VEIL_JOB_IMAGE_REDACT),
    NUMBER(VEIL_JOB_IMAGE_REDACT_ENCODED),
    NUMBER(VEIL_JOB_AUDIO_SCAN),
    NUMBER(VEIL_JOB_AUDIO_REDACT),
    NUMBER(VEIL_JOB_AUDIO_REDACT_ENCODED),
    NUMBER(VEIL_PRIORITY_NORMAL),
    NUMBER(VEIL_PRIORITY_HIGH),
    NUMBER(VEIL_PRIORITY_LOW),
    NUMBER(VEIL_METRIC_TEXT_SCAN),
    NUMBER(VEIL_METRIC_TEXT_REDACT),
    NUMBER(VEIL_METRIC_IMAGE_SCAN),
    NUMBER(VEIL_METRIC_IMAGE_REDACT),
    NUMBER(VEIL_METRIC_AUDIO_SCAN),
    NUMBER(VEIL_METRIC_AUDIO_REDACT),
    NUMBER(VEIL_METRIC_JOB_WAIT),
    NUMBER(VEIL_METRIC_TEXT_STREAM),
    NUMBER(VEIL_METRIC_COUNT),
};

#define ROWS (sizeof rows / sizeof rows[0])

static FILE *open_golden(const char *mode)
{
    return fopen(VEIL_TEST_SOURCE_DIR "/tests/api/abi.txt", mode);
}

static void sizes_offsets_and_numbers_are_frozen(void **state)
{
    (void)state;
    FILE *golden = open_golden("r");
    assert_non_null(golden);
    char line[256];
    char expected[256];
    size_t wrong = 0;
    for (size_t i = 0; i < ROWS; i++) {
        (void)snprintf(expected, sizeof expected, "%s %lld\n", rows[i].name, (long long)rows[i].value);
        if (fgets(line, sizeof line, golden) == NULL) line[0] = '\0';
        if (strcmp(line, expected) == 0) continue;
        print_message("frozen: %s   now: %s", line[0] == '\0' ? "(nothing)\n" : line, expected);
        wrong++;
    }
    if (fgets(line, sizeof line, golden) != NULL) wrong++;
    fclose(golden);
    assert_int_equal(wrong, 0);
}

/* A struct's fields lie side by side and fill it: nothing can be added in a hole that an older caller did not clear. */
static void no_struct_has_a_hole(void **state)
{
    (void)state;
    size_t struct_bytes = 0;
    size_t filled = 0;
    for (size_t i = 0; i < ROWS; i++) {
        if (rows[i].size != 0) {
            if (rows[i].value != filled) fail_msg("a hole before %s", rows[i].name);
            filled += rows[i].size;
        } else {
            assert_int_equal(filled, struct_bytes);
            struct_bytes = strncmp(rows[i].name, "sizeof ", 7) == 0 ? rows[i].value : 0;
            filled = 0;
        }
    }
}

static void every_status_has_its_own_name(void **state)
{
    (void)state;
    assert_string_equal(veil_status_string(VEIL_OK), "OK");
    assert_string_equal(veil_status_string(VEIL_ERR_BUFFER_TOO_SMALL), "BUFFER_TOO_SMALL");
    assert_string_equal(veil_status_string(VEIL_ERR_INTERNAL), "INTERNAL");
    assert_string_equal(veil_status_string(VEIL_ERR_CALLBACK), "CALLBACK");
    for (veil_status a = 0; a >= VEIL_ERR_CALLBACK; a--) {
        assert_string_not_equal(veil_status_string(a), "UNKNOWN");
        for (veil_status b = 0; b > a; b--)
            assert_string_not_equal(veil_status_string(a), veil_status_string(b));
    }
    assert_string_equal(veil_status_string(1), "UNKNOWN");
    assert_string_equal(veil_status_string(VEIL_ERR_CALLBACK - 1), "UNKNOWN");
    assert_string_equal(veil_status_string(INT32_MIN), "UNKNOWN");
    assert_string_equal(veil_status_string(INT32_MAX), "UNKNOWN");
}

static int write_golden(void)
{
    FILE *golden = open_golden("w");
    if (golden == NULL) return 1;
    for (size_t i = 0; i < ROWS; i++)
        (void)fprintf(golden, "%s %lld\n", rows[i].name, (long long)rows[i].value);
    return fclose(golden) == 0 ? 0 : 1;
}

int main(int argc, char **argv)
{
    if (argc == 2 && strcmp(argv[1], "--write") == 0) return write_golden();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sizes_offsets_and_numbers_are_frozen),
        cmocka_unit_test(no_struct_has_a_hole),
        cmocka_unit_test(every_status_has_its_own_name),
    };
    return cmocka_run_group_tests_name("abi", tests, NULL, NULL);
}
