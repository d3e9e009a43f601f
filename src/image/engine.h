/* What the files of the engine share: its parts, and the taking and giving of workspaces. */
#ifndef VL_IMAGE_ENGINE_H
#define VL_IMAGE_ENGINE_H

#include "core/slots.h"
#include "image/codec.h"
#include "image/image.h"
#include "image/workspace.h"

#define VL_IMAGE_WORKSPACES_MAX 64u /* that growing stops at: one network instance each */

struct vl_image_engine {
    const vl_runtime *runtime;
    vl_image_policy policy;
    veil_config config; /* numbers only: its pointers are cleared */
    vl_codec_limits limits;
    veil_ocr_engine ocr; /* used when policy.has_ocr */
    vl_face_model model; /* used when policy.has_faces */
    vl_cache *exact;     /* NULL: no cache */
    vl_near_cache *near; /* NULL: not wanted */
    vl_slots *slots;
    /* Entry i belongs to the holder of slot i, which makes it on first use when the engine grew (hence the box around it: the
     * engine itself is const for callers). */
    vl_image_workspace **workspaces;
};

/** Take a workspace. VEIL_OK; BUSY, NO_MEMORY, INTERNAL (a grown instance failed its proof). */
veil_status vl_image_workspace_take(const vl_image_engine *engine, uint32_t *slot, vl_image_workspace **out,
                                    veil_error *error);
/** Wipe it and give it back. */
void vl_image_workspace_give(const vl_image_engine *engine, uint32_t slot);

/** Stages of a call, shared by raw and encoded pictures. `mark` is VEIL_CACHE_*. Fills workspace->faces and ->marks. */
veil_status vl_image_find(const vl_image_engine *engine, vl_image_workspace *workspace, const vl_image_request *request,
                          const vl_image_view *view, uint32_t *mark, veil_error *error);
/** How many samples are enough for each 8 pixels of a picture of that size: 1, 2, 4 or 8; 0 when nothing is looked for. */
uint32_t vl_image_detail(const vl_image_engine *engine, const vl_image_request *request, uint32_t width,
                         uint32_t height);
/** Faces become marks, as all other findings: from there on they are boxes with a name. LIMIT. */
veil_status vl_image_faces_to_marks(vl_image_workspace *workspace, veil_error *error);
/** What was found in a picture with that detail, in pixels of the whole one (of which only the size is read). */
void vl_image_enlarge(vl_image_workspace *workspace, uint32_t detail, const vl_image_view *whole);
/** List the regions with their effects in workspace->regions; of the view only the size is read. */
void vl_image_collect(vl_image_workspace *workspace, const vl_image_request *request, const vl_image_view *view,
                      const vl_block_grid *grid);
/** Hide what was found and the caller's regions. `grid`: of the file that the picture comes from; NULL for raw pixels. */
void vl_image_hide(const vl_image_engine *engine, vl_image_workspace *workspace, const vl_image_request *request,
                   const vl_image_view *view, const vl_block_grid *grid);
/** All that can be refused before the start of a call on raw pixels: arguments, limits, deadline, workspace (on VEIL_OK to be given
 *  back). After another error `view` may have pixels: see vl_image_leaves_untouched. */
veil_status vl_image_begin(const vl_image_engine *engine, const veil_image_options *options, const veil_image *image,
                           vl_image_request *request, vl_image_view *view, uint32_t *slot,
                           vl_image_workspace **workspace, veil_error *error);
/** Errors that promise an untouched picture, when nothing was started. */
bool vl_image_leaves_untouched(veil_status status);
/** Write the result (may be NULL). `must_fit`: BUFFER_TOO_SMALL when it does not, as scans answer. */
veil_status vl_image_report(const vl_image_workspace *workspace, const vl_image_request *request,
                            const vl_image_view *view, uint32_t mark, bool must_fit, veil_image_result *result,
                            veil_error *error);
/** Count what was found in the metrics. */
void vl_image_count(const vl_image_engine *engine, const vl_image_workspace *workspace, const vl_image_request *request,
                    const vl_image_view *view);

#endif
