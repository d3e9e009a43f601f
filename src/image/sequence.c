/*
 * A frame: is a search due? -> search as for a single picture -> tracks -> regions of what was found and of what is expected ->
 * effects. Everything found goes through the workspace's marks, so that what follows is the same as for single pictures.
 */
#include "image/sequence.h"

#include <stdlib.h>
#include <string.h>

#include "core/clock.h"
#include "image/engine.h"
#include "image/shapes.h"
#include "image/tracks.h"

/*
 * Blocks of 192 by 144, so that whatever is two blocks wide and tall fills at least one; and cells of 8 by 8 blocks, whose means hardly
 * feel the noise of a camera, for what is large and faint.
 */
#define CELL_COLUMNS  24u
#define CELL_ROWS     18u
#define CELL_BLOCKS   8u /* a side */
#define COLUMNS       (CELL_COLUMNS * CELL_BLOCKS)
#define ROWS          (CELL_ROWS * CELL_BLOCKS)
#define BLOCK_SAMPLES 4u /* a side, at most */
#define BLOCK_CHANGED 12 /* levels of a block's mean */
#define CELL_CHANGED  6  /* levels of a cell's */

typedef struct scene {
    uint32_t width;
    uint32_t height;
    uint32_t format; /* 0: no frame yet */
    uint8_t means[ROWS][COLUMNS];
    uint8_t alphas[ROWS][COLUMNS]; /* what appears by alpha alone changes no colour; 0 without alpha */
} scene;

struct vl_image_sequence {
    const vl_image_engine *engine;
    uint32_t detect_every;
    uint32_t hold_frames;
    uint32_t since_search; /* frames */
    uint32_t reserved;
    scene searched; /* as it was when it was last searched */
    scene now;
    vl_tracks tracks;
};

veil_status vl_image_sequence_create(const vl_image_engine *engine, uint32_t detect_every, uint32_t hold_frames,
                                     vl_image_sequence **out, veil_error *error)
{
    vl_image_sequence *made = vl_secret_pages(sizeof *made);

    *out = NULL;
    if (made == NULL) return vl_error_set(error, VEIL_ERR_NO_MEMORY, 0, "no memory for a sequence");
    made->engine = engine;
    made->detect_every = detect_every;
    made->hold_frames = hold_frames;
    *out = made;
    return VEIL_OK;
}

void vl_image_sequence_destroy(vl_image_sequence *sequence)
{
    if (sequence == NULL) return;
    vl_wipe(sequence, sizeof *sequence);
    vl_secret_pages_free(sequence, sizeof *sequence);
}

/* ---- Is a search due? -------------------------------------------------------------------------------------------- */

/* From the first pixel of a block to the one behind its last; a block of a small picture holds one at least. */
static void block_of(uint32_t side, uint32_t at, uint32_t blocks, uint32_t *from, uint32_t *to)
{
    *from = (uint32_t)((uint64_t)side * at / blocks);
    *to = (uint32_t)((uint64_t)side * (at + 1) / blocks);
    if (*to == *from) *to = *from + 1;
}

static uint8_t block_mean(const vl_image_view *view, uint32_t channel, const uint32_t across[2], const uint32_t down[2])
{
    const uint32_t bytes = vl_pixel_bytes(view->format);
    const uint32_t step_x = (across[1] - across[0] + BLOCK_SAMPLES - 1) / BLOCK_SAMPLES;
    const uint32_t step_y = (down[1] - down[0] + BLOCK_SAMPLES - 1) / BLOCK_SAMPLES;
    uint32_t sum = 0, count = 0;

    for (uint32_t y = down[0]; y < down[1]; y += step_y) {
        const uint8_t *row = vl_view_row(view, y) + channel;

        for (uint32_t x = across[0]; x < across[1]; x += step_x, count++)
            sum += row[(size_t)x * bytes];
    }
    return (uint8_t)(sum / count);
}

static void look(const vl_image_view *view, scene *out)
{
    const uint32_t colour = vl_pixel_bytes(view->format) >= 3 ? 1 : 0; /* green, or the only one */
    const int8_t alpha = vl_pixel_layout_of(view->format).alpha;

    out->width = view->width;
    out->height = view->height;
    out->format = view->format;
    for (uint32_t j = 0; j < ROWS; j++) {
        uint32_t across[2], down[2];

        block_of(view->height, j, ROWS, &down[0], &down[1]);
        for (uint32_t i = 0; i < COLUMNS; i++) {
            block_of(view->width, i, COLUMNS, &across[0], &across[1]);
            out->means[j][i] = block_mean(view, colour, across, down);
            if (alpha >= 0) out->alphas[j][i] = block_mean(view, (uint32_t)alpha, across, down);
        }
    }
}

static bool is_same_size(const scene *a, const scene *b)
{
    return a->width == b->width && a->height == b->height && a->format == b->format;
}

static bool cell_has_changed(const uint8_t a[ROWS][COLUMNS], const uint8_t b[ROWS][COLUMNS], uint32_t left,
                             uint32_t top)
{
    int sum = 0;

    for (uint32_t j = top; j < top + CELL_BLOCKS; j++) {
        for (uint32_t i = left; i < left + CELL_BLOCKS; i++) {
            const int apart = a[j][i] - b[j][i];

            if (apart > BLOCK_CHANGED || apart < -BLOCK_CHANGED) return true;
            sum += apart;
        }
    }
    return abs(sum) > CELL_CHANGED * (int)(CELL_BLOCKS * CELL_BLOCKS);
}

static bool has_changed(const scene *a, const scene *b)
{
    for (uint32_t j = 0; j < ROWS; j += CELL_BLOCKS) {
        for (uint32_t i = 0; i < COLUMNS; i += CELL_BLOCKS) {
            if (cell_has_changed(a->means, b->means, i, j) || cell_has_changed(a->alphas, b->alphas, i, j)) return true;
        }
    }
    return false;
}

static bool is_due(const vl_image_sequence *sequence)
{
    return sequence->since_search + 1 >= sequence->detect_every || !is_same_size(&sequence->searched, &sequence->now) ||
           sequence->tracks.overflow > 0 || has_changed(&sequence->searched, &sequence->now);
}

/* ---- One frame --------------------------------------------------------------------------------------------------- */

static veil_status search(vl_image_sequence *sequence, vl_image_workspace *workspace, const vl_image_request *request,
                          const vl_image_view *view, uint32_t *mark, veil_error *error)
{
    veil_status status = vl_image_find(sequence->engine, workspace, request, view, mark, error);

    if (status != VEIL_OK) return status;
    vl_image_filter(workspace, request);
    status = vl_image_faces_to_marks(workspace, error);
    if (status != VEIL_OK) return status;
    vl_tracks_update(&sequence->tracks, &workspace->marks, sequence->hold_frames);
    sequence->searched = sequence->now;
    sequence->since_search = 0;
    return VEIL_OK;
}

static veil_status find(vl_image_sequence *sequence, vl_image_workspace *workspace, const vl_image_request *request,
                        const vl_image_view *view, uint32_t *mark, veil_error *error)
{
    veil_status status = VEIL_OK;

    *mark = VEIL_CACHE_NONE;
    look(view, &sequence->now);
    if (!is_same_size(&sequence->searched, &sequence->now)) memset(&sequence->tracks, 0, sizeof sequence->tracks);
    vl_tracks_advance(&sequence->tracks, sequence->hold_frames);
    if (is_due(sequence))
        status = search(sequence, workspace, request, view, mark, error);
    else
        sequence->since_search++;
    if (status == VEIL_OK && !vl_tracks_list(&sequence->tracks, view, &workspace->marks))
        status = vl_error_set(error, VEIL_ERR_LIMIT, 0, "more than %u findings in one frame", VL_MARKS_MAX);
    return status;
}

veil_status vl_image_sequence_redact(vl_image_sequence *sequence, const veil_image_options *options, veil_image *frame,
                                     veil_image_result *result, veil_error *error)
{
    const vl_image_engine *engine = sequence->engine;
    vl_image_request request;
    vl_image_view view = {0};
    vl_image_workspace *workspace;
    uint32_t slot, mark;
    veil_status status = vl_image_begin(engine, options, frame, &request, &view, &slot, &workspace, error);

    if (status != VEIL_OK) {
        if (!vl_image_leaves_untouched(status) && view.pixels != NULL) vl_view_clear(&view);
        return status;
    }
    status = find(sequence, workspace, &request, &view, &mark, error);
    if (status == VEIL_OK && vl_deadline_passed(request.deadline_ns))
        status = vl_error_set(error, VEIL_ERR_TIMEOUT, 0, "the deadline passed");
    if (status == VEIL_OK) {
        vl_image_hide(engine, workspace, &request, &view, NULL);
        status = vl_image_report(workspace, &request, &view, mark, false, result, error);
        vl_image_count(engine, workspace, &request, &view);
    } else if (!vl_image_leaves_untouched(status) || status == VEIL_ERR_TIMEOUT) {
        vl_view_clear(&view);
    }
    vl_image_workspace_give(engine, slot);
    return status;
}
