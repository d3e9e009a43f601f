/*
 * One network of OpenCV's DNN module behind plain C. cv::dnn::Net is not thread-safe and plans for one input size: each
 * workspace has its own. No exception leaves the shim.
 */
#ifndef VL_IMAGE_CV_NET_H
#define VL_IMAGE_CV_NET_H

#ifdef __cplusplus
#define VL_NOEXCEPT noexcept
extern "C" { /* from here: the internal headers are plain C, and say nothing to C++ */
#else
#define VL_NOEXCEPT
#endif

#include "core/alloc.h"
#include "image/onnx_facts.h"

typedef struct vl_cv_net vl_cv_net;

/**
 * Parse an ONNX file from memory (not kept) and make an instance.
 * @param facts  of this file
 * @return VEIL_OK, NO_MEMORY, MODEL (OpenCV cannot read or run it)
 */
veil_status vl_cv_net_create(const vl_allocator *allocator, const void *onnx, size_t onnx_bytes,
                             const vl_onnx_facts *facts, vl_cv_net **out) VL_NOEXCEPT;
void vl_cv_net_destroy(vl_cv_net *net) VL_NOEXCEPT;

/**
 * One pass. Allocates inside OpenCV.
 * @param planes  3 * width * height floats
 * @param scores  receives prior_count pairs, owned by the net, valid until its next pass
 * @param boxes   receives prior_count quadruples, likewise
 * @return VEIL_OK, NO_MEMORY, INTERNAL
 */
veil_status vl_cv_net_run(vl_cv_net *net, float *planes, const float **scores, const float **boxes) VL_NOEXCEPT;

/**
 * OpenCV keeps its own copy of the input until the next pass: overwrite it with `planes`, which the caller has zeroed. Costs
 * one copy; allocates nothing. Scores and boxes of the last pass stay valid. VEIL_OK, NO_MEMORY, INTERNAL.
 */
veil_status vl_cv_net_forget(vl_cv_net *net, float *planes) VL_NOEXCEPT;

/** "OpenCV 4.6.0", of the library that is loaded. Static. */
const char *vl_cv_version(void) VL_NOEXCEPT;

#ifdef __cplusplus
}
#endif

#endif
