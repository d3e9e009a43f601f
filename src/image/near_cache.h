/*
 * The near-duplicate cache: which faces were found in a picture that differs from this one by noise only. A perceptual hash
 * finds candidates, tile statistics decide, and any doubt runs the detector. Entries come from the detector alone, never
 * from another near hit, so small differences cannot add up. Everything lies in secret pages of this process.
 */
#ifndef VL_IMAGE_NEAR_CACHE_H
#define VL_IMAGE_NEAR_CACHE_H

#include "core/runtime.h"
#include "image/exact_cache.h"
#include "image/fingerprint.h"

typedef struct vl_near_cache vl_near_cache;

/** Work memory of one caller: its picture's fingerprint, and an entry that was copied out. Secret pages. */
typedef struct vl_near_scratch vl_near_scratch;

/** At most `entry_count` entries, fewer where tiles are many (8 MiB in all). The input size is the network's. NO_MEMORY. */
veil_status vl_near_cache_create(const vl_runtime *runtime, uint32_t entry_count, uint32_t input_width,
                                 uint32_t input_height, vl_near_cache **out);
void vl_near_cache_destroy(vl_near_cache *cache);
/** In a forked child, after the secret was renewed. */
void vl_near_cache_after_fork(vl_near_cache *cache);

vl_near_scratch *vl_near_scratch_create(uint32_t input_width, uint32_t input_height);
void vl_near_scratch_destroy(vl_near_scratch *scratch);
void vl_near_scratch_wipe(vl_near_scratch *scratch);

/** Take the fingerprint of the prepared planes and look it up. True: `faces` holds what was found then. */
bool vl_near_cache_get(vl_near_cache *cache, vl_near_scratch *scratch, const vl_picture_head *head,
                       const vl_letterbox *box, const float *planes, vl_cached_faces *faces);

/** Remember what the detector found in the picture that was looked up last with this scratch. */
void vl_near_cache_put(vl_near_cache *cache, vl_near_scratch *scratch, const vl_picture_head *head,
                       const vl_cached_faces *faces);

#endif
