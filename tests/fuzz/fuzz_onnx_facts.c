/*
 * The look at a model file before OpenCV gets it: any bytes must give facts or a reason, in bounded time, and facts must be
 * such that the engine can rely on them. Seeds are made by make_onnx_corpus.py.
 */
#include <stdlib.h>
#include <string.h>

#include "image/onnx_facts.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    vl_onnx_facts facts;
    const char *reason = vl_onnx_read_facts(data, size, &facts);

    if (reason != NULL) return 0;
    if (facts.width == 0 || facts.width > 4096 || facts.height == 0 || facts.height > 4096) abort();
    if (facts.prior_count == 0 || facts.prior_count > 1u << 20) abort();
    if (facts.scores_name[0] == 0 || strlen(facts.scores_name) >= VL_ONNX_NAME_BYTES) abort();
    if (facts.boxes_name[0] == 0 || strlen(facts.boxes_name) >= VL_ONNX_NAME_BYTES) abort();
    return 0;
}
