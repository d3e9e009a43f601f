/*
 * The only file that sees OpenCV. Every entry is noexcept and turns what is thrown into a status. Nothing here changes the
 * process: thread count, log level and error handler of OpenCV are the host's. What OpenCV itself may print (a network that
 * its importer cannot take) is kept away by image/onnx_facts.h as far as a look from outside can.
 */
#include "image/cv_net.h"

#include <new>
#include <string>
#include <vector>

#include <opencv2/core/utility.hpp>
#include <opencv2/dnn.hpp>

struct vl_cv_net {
    vl_allocator allocator;
    cv::dnn::Net net;
    std::vector<cv::String> names; /* scores, boxes */
    std::vector<cv::Mat> outputs;
    int input_shape[4];
    int prior_count;
};

namespace
{

template <typename Body> veil_status guarded(veil_status otherwise, Body body) noexcept
{
    try {
        return body();
    } catch (const std::bad_alloc &) {
        return VEIL_ERR_NO_MEMORY;
    } catch (const cv::Exception &e) {
        return e.code == cv::Error::StsNoMem ? VEIL_ERR_NO_MEMORY : otherwise;
    } catch (...) {
        return otherwise;
    }
}

bool has_shape(const cv::Mat &output, int rows, int columns)
{
    return output.dims == 3 && output.type() == CV_32F && output.isContinuous() && output.size[0] == 1 &&
           output.size[1] == rows && output.size[2] == columns;
}

veil_status load(vl_cv_net &net, const void *onnx, size_t onnx_bytes, const vl_onnx_facts &facts)
{
    net.net = cv::dnn::readNetFromONNX(static_cast<const char *>(onnx), onnx_bytes);
    if (net.net.empty()) return VEIL_ERR_MODEL;
    /* Named, because the default can be changed from the environment. */
    net.net.setPreferableBackend(cv::dnn::DNN_BACKEND_OPENCV);
    net.net.setPreferableTarget(cv::dnn::DNN_TARGET_CPU);
    net.names = {facts.scores_name, facts.boxes_name};
    net.input_shape[0] = 1;
    net.input_shape[1] = 3;
    net.input_shape[2] = static_cast<int>(facts.height);
    net.input_shape[3] = static_cast<int>(facts.width);
    net.prior_count = static_cast<int>(facts.prior_count);
    return VEIL_OK;
}

} // namespace

veil_status vl_cv_net_create(const vl_allocator *allocator, const void *onnx, size_t onnx_bytes,
                             const vl_onnx_facts *facts, vl_cv_net **out) noexcept
{
    *out = nullptr;
    void *memory = vl_alloc(allocator, sizeof(vl_cv_net));
    if (memory == nullptr) return VEIL_ERR_NO_MEMORY;
    vl_cv_net *made = nullptr;
    veil_status status = guarded(VEIL_ERR_MODEL, [&] {
        made = new (memory) vl_cv_net();
        made->allocator = *allocator;
        return load(*made, onnx, onnx_bytes, *facts);
    });
    if (status != VEIL_OK && made != nullptr)
        vl_cv_net_destroy(made);
    else if (status != VEIL_OK)
        vl_free(allocator, memory, sizeof(vl_cv_net));
    else
        *out = made;
    return status;
}

void vl_cv_net_destroy(vl_cv_net *net) noexcept
{
    if (net == nullptr) return;
    const vl_allocator allocator = net->allocator;
    guarded(VEIL_ERR_INTERNAL, [&] {
        net->~vl_cv_net();
        return VEIL_OK;
    });
    vl_free(&allocator, net, sizeof *net);
}

veil_status vl_cv_net_run(vl_cv_net *net, float *planes, const float **scores, const float **boxes) noexcept
{
    return guarded(VEIL_ERR_INTERNAL, [&] {
        const cv::Mat input(4, net->input_shape, CV_32F, planes);
        net->net.setInput(input);
        net->net.forward(net->outputs, net->names);
        if (net->outputs.size() != 2 || !has_shape(net->outputs[0], net->prior_count, 2) ||
            !has_shape(net->outputs[1], net->prior_count, 4))
            return static_cast<veil_status>(VEIL_ERR_INTERNAL);
        *scores = net->outputs[0].ptr<float>();
        *boxes = net->outputs[1].ptr<float>();
        return static_cast<veil_status>(VEIL_OK);
    });
}

veil_status vl_cv_net_forget(vl_cv_net *net, float *planes) noexcept
{
    return guarded(VEIL_ERR_INTERNAL, [&] {
        net->net.setInput(cv::Mat(4, net->input_shape, CV_32F, planes));
        return static_cast<veil_status>(VEIL_OK);
    });
}

const char *vl_cv_version(void) noexcept
{
    /* Filled once, before any engine exists; C++ makes that safe between threads. */
    static const std::string version = []() noexcept {
        try {
            return "OpenCV " + cv::getVersionString();
        } catch (...) {
            return std::string();
        }
    }();
    return version.c_str();
}
