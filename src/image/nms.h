/* Non-maximum suppression: of boxes that cover each other, the one with the highest score stays. */
#ifndef VL_IMAGE_NMS_H
#define VL_IMAGE_NMS_H

#include "image/priors.h"

/**
 * Greedy NMS in place: boxes are sorted by score (highest first; equal scores keep a fixed order by place), and a box goes
 * when its IoU with a kept one exceeds `max_iou`. Allocates nothing.
 * @return how many are kept, at the front of the array
 */
size_t vl_nms_apply(vl_box *boxes, size_t count, float max_iou);

#endif
