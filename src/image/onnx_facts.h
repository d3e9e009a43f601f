/*
 * What must be known of an ONNX file before OpenCV sees it: that it is whole, that it holds only operators of plain
 * convolutional networks, and the sizes of its input and its two outputs. OpenCV's own importer prints to stderr when it
 * meets something else, and a library must not print.
 */
#ifndef VL_IMAGE_ONNX_FACTS_H
#define VL_IMAGE_ONNX_FACTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define VL_ONNX_NAME_BYTES 64
#define VL_ONNX_SIDE_MIN   64u /* of the input; letterbox.c sums at most 65,535 / 64 source pixels for one of its own */
#define VL_ONNX_SIDE_MAX   4096u

typedef struct vl_onnx_facts {
    uint32_t width; /* of the input [1,3,height,width] */
    uint32_t height;
    size_t prior_count;                   /* N of the outputs [1,N,2] and [1,N,4] */
    char scores_name[VL_ONNX_NAME_BYTES]; /* the output [1,N,2] */
    char boxes_name[VL_ONNX_NAME_BYTES];  /* the output [1,N,4] */
} vl_onnx_facts;

/**
 * Walk the file (protobuf wire format, bounded, no allocation).
 * @return NULL and *facts filled, or a one-line reason (static)
 */
const char *vl_onnx_read_facts(const void *onnx, size_t onnx_bytes, vl_onnx_facts *facts);

#endif
