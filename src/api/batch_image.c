/* Batches of pictures. A picture takes milliseconds, so items are claimed one by one and each is counted as a call. */
#include "batch.h"
#include "check.h"

#if VEIL_HAS_IMAGE

static veil_image_item *item_at(const vl_batch_work *work, size_t index)
{
    return vl_batch_item(work, index);
}

static veil_status run_item(const vl_batch_work *work, veil_image_item *item)
{
    const vl_image_engine *engine = work->sanitizer->image;
    veil_image_result result = {
        .struct_size = sizeof result, .regions = item->regions, .region_capacity = item->region_capacity};
    veil_status status;
    if (item->image != NULL) {
        status = vl_image_redact(engine, work->options, item->image, &result, NULL);
    } else {
        status = vl_image_redact_encoded(engine, work->options, item->input, item->input_bytes, item->out,
                                         item->out_capacity, &item->out_bytes, &result, NULL);
        if (status != VEIL_OK)
            vl_scrub(item->out, item->out_capacity, status == VEIL_ERR_BUFFER_TOO_SMALL ? NULL : &item->out_bytes);
    }
    item->region_count = status == VEIL_OK ? result.region_count : 0;
    item->status = status;
    return status;
}

static void run_pictures(const vl_batch_work *work, size_t first, size_t end)
{
    vl_metrics *metrics = work->sanitizer->runtime.metrics;
    for (size_t i = first; i < end; i++) {
        veil_image_item *item = item_at(work, i);
        const uint64_t begin = vl_metrics_begin(metrics, work->operation);
        const uint64_t bytes = item->image != NULL ? vl_image_size_bytes(item->image) : item->input_bytes;
        vl_metrics_end(metrics, work->operation, begin, bytes, run_item(work, item));
    }
}

static veil_status check_item(const vl_batch_work *work, veil_image_item *item, veil_error *error)
{
    const bool is_encoded = item->image == NULL;
    veil_status status;
    if (item->reserved != 0 || (item->regions == NULL && item->region_capacity != 0) ||
        (!is_encoded &&
         (item->input != NULL || item->input_bytes != 0 || item->out != NULL || item->out_capacity != 0)) ||
        !vl_tail_is_zero(item, sizeof *item, work->item_bytes))
        return vl_error_set(error, VEIL_ERR_INVALID_ARGUMENT, 0,
                            "a pointer does not agree with its count, or a reserved field is not 0");
    if (!is_encoded) return vl_check_image(item->image, error);
    status = vl_check_input(item->input, item->input_bytes, error);
    if (status == VEIL_OK)
        status =
            vl_check_output(item->input, item->input_bytes, item->out, item->out_capacity, &item->out_bytes, error);
    return status;
}

/* One wrong item refuses the batch before anything was started. */
static veil_status check_items(const vl_batch_work *work, veil_error *error)
{
    const size_t size = work->item_bytes;
    if (size < sizeof(veil_image_item) || size % 8 != 0 || size > 65536)
        return vl_error_set(error, VEIL_ERR_INVALID_ARGUMENT, 0, "item_bytes is %zu; this library knows %zu", size,
                            sizeof(veil_image_item));
    if ((work->items == NULL && work->item_count != 0) || work->item_count > SIZE_MAX / size)
        return vl_error_set(error, VEIL_ERR_INVALID_ARGUMENT, 0, "items and item_count do not agree");
    for (size_t i = 0; i < work->item_count; i++) {
        if (check_item(work, item_at(work, i), NULL) != VEIL_OK)
            return vl_error_set(error, VEIL_ERR_INVALID_ARGUMENT, 0,
                                "items[%zu]: image, or input and out, or a count or reserved field is wrong", i);
    }
    return VEIL_OK;
}

/* A helper without a workspace would answer BUSY for its item. */
static uint32_t helpers_for(const veil_sanitizer *s, size_t item_count)
{
    if (s->workers == NULL || item_count == 0) return 0;
    const size_t others = item_count - 1;
    uint32_t most = vl_workers_count(s->workers);
    if (s->config.pool_policy == VEIL_POOL_BUSY && most > s->config.image_workspaces - 1)
        most = s->config.image_workspaces - 1;
    return others < most ? (uint32_t)others : most;
}

static veil_status run_batch(vl_batch_work *work, veil_error *error)
{
    vl_batch_run(work, helpers_for(work->sanitizer, work->item_count));
    for (size_t i = 0; i < work->item_count; i++) {
        const veil_status status = item_at(work, i)->status;
        if (status != VEIL_OK) return vl_error_set(error, status, 0, "items[%zu]: %s", i, veil_status_string(status));
    }
    return VEIL_OK;
}

#endif

veil_status veil_image_redact_batch(const veil_sanitizer *sanitizer, const veil_image_options *options,
                                    veil_image_item *items, size_t item_count, size_t item_bytes, veil_error *error)
{
    veil_image_options local;
    if (!vl_error_begin(error)) return VEIL_ERR_INVALID_ARGUMENT;
    if (sanitizer == NULL) return vl_error_set(error, VEIL_ERR_INVALID_ARGUMENT, 0, "sanitizer is NULL");
    if ((sanitizer->config.modalities & VEIL_MODALITY_IMAGE) == 0)
        return vl_error_set(error, VEIL_ERR_UNSUPPORTED, 0, "this sanitizer was created without images");
    veil_status status = vl_check_image_options(&options, &local, error);
#if VEIL_HAS_IMAGE
    vl_batch_work work = {sanitizer, options, items,       item_count, item_bytes, VEIL_METRIC_IMAGE_REDACT,
                          1,         1,       run_pictures};
    if (status == VEIL_OK) status = check_items(&work, error);
    if (status == VEIL_OK && item_count != 0) status = run_batch(&work, error);
#else
    (void)items;
    (void)item_count;
    (void)item_bytes;
#endif
    return status;
}
