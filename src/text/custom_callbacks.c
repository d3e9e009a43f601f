/*
 * Callbacks: the host's models. What they write is trusted in nothing: counts, ranges, characters and scores are checked, and a
 * finding that cannot be used fails the call, for it would be missing from the output.
 */
#include <math.h>
#include <string.h>

#include "text/custom_impl.h"

static veil_status refuse(veil_error *error, const vl_custom *custom, const vl_own_callback *callback,
                          veil_status status, size_t index, const char *reason)
{
    const char *name = vl_row_of(&custom->catalogue, callback->row)->name;
    return vl_error_set(error, status, 0, "callback %s: finding %zu: %s", name, index, reason);
}

static bool is_boundary(const uint8_t *text, size_t size, uint64_t at)
{
    return at == 0 || at == size || (text[at] & 0xC0) != 0x80;
}

static const char *fault_of(const veil_callback_finding *f, const uint8_t *text, size_t size)
{
    if (f->start >= f->end || f->end > size) return "it is empty or not in the text";
    if (!is_boundary(text, size, f->start) || !is_boundary(text, size, f->end)) return "it splits a character";
    if (!(f->score >= 0.0f && f->score <= 1.0f)) return "its score is not a number from 0 to 1";
    return f->reserved != 0 ? "reserved is not 0" : NULL;
}

static veil_status run_one(const vl_custom *custom, vl_custom_scratch *scratch, const vl_own_callback *callback,
                           const uint8_t *text, size_t size, veil_error *error)
{
    size_t room = VL_CALLBACK_ROOM - scratch->found_count;
    size_t count = 0;
    memset(scratch->raw, 0, room * sizeof *scratch->raw);
    veil_status status = callback->call(callback->user, (const char *)text, size, scratch->raw, room, &count);
    if (status != VEIL_OK) {
        /* BUFFER_TOO_SMALL would tell the caller of a size, and there is none. */
        if (status > 0 || status < VEIL_ERR_CALLBACK || status == VEIL_ERR_BUFFER_TOO_SMALL) status = VEIL_ERR_CALLBACK;
        const char *name = vl_row_of(&custom->catalogue, callback->row)->name;
        return vl_error_set(error, status, 0, "callback %s failed", name);
    }
    if (count > room) return refuse(error, custom, callback, VEIL_ERR_LIMIT, room, "there are more than 16,384");
    for (size_t i = 0; i < count; i++) {
        const veil_callback_finding *f = &scratch->raw[i];
        const char *fault = fault_of(f, text, size);
        if (fault != NULL) return refuse(error, custom, callback, VEIL_ERR_CALLBACK, i, fault);
        if (f->end - f->start > VL_CHAIN_MAX_BYTES)
            return refuse(error, custom, callback, VEIL_ERR_LIMIT, i, "it has more than 8,192 bytes");
        scratch->found[scratch->found_count++] =
            (vl_own_finding){f->start, (uint32_t)(f->end - f->start), f->score, callback->row};
    }
    return VEIL_OK;
}

static void sift_down(vl_own_finding *heap, size_t root, size_t count)
{
    vl_own_finding moved = heap[root];
    for (size_t child = 2 * root + 1; child < count; child = 2 * root + 1) {
        if (child + 1 < count && heap[child].start < heap[child + 1].start) child++;
        if (moved.start >= heap[child].start) break;
        heap[root] = heap[child];
        root = child;
    }
    heap[root] = moved;
}

static void sort_by_start(vl_own_finding *found, size_t count)
{
    for (size_t i = count / 2; i-- > 0;)
        sift_down(found, i, count);
    for (size_t last = count; last-- > 1;) {
        vl_own_finding top = found[0];
        found[0] = found[last];
        found[last] = top;
        sift_down(found, 0, last);
    }
}

veil_status vl_own_callbacks_run(const vl_custom *custom, vl_custom_scratch *scratch, const vl_row_set *rows,
                                 const uint8_t *text, size_t size, veil_error *error)
{
    scratch->found_count = 0;
    for (unsigned i = 0; i < custom->callback_count; i++) {
        const vl_own_callback *callback = &custom->callbacks[i];
        if (!vl_row_set_has(rows, callback->row)) continue;
        veil_status status = run_one(custom, scratch, callback, text, size, error);
        if (status != VEIL_OK) return status;
    }
    sort_by_start(scratch->found, scratch->found_count);
    return VEIL_OK;
}
