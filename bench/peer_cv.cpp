/* Peers of the image rows: cv::dnn alone on a network, and OpenCV's Haar cascade with a Gaussian blur (31) of what it finds. */
#include "peers.h"

#include <memory>
#include <new>
#include <opencv2/core.hpp>
#include <opencv2/dnn.hpp>
#include <opencv2/imgproc.hpp>
#include <opencv2/objdetect.hpp>
#include <vector>

struct bench_net {
    cv::dnn::Net net;
    cv::Mat blob;
    std::vector<cv::String> outputs;
    std::vector<cv::Mat> results;
};

bench_net *bench_net_create(const void *model, size_t model_bytes, int width, int height)
{
    try {
        std::unique_ptr<bench_net> peer(new bench_net);
        peer->net = cv::dnn::readNetFromONNX(static_cast<const char *>(model), model_bytes);
        peer->net.setPreferableBackend(cv::dnn::DNN_BACKEND_OPENCV);
        peer->outputs = peer->net.getUnconnectedOutLayersNames();
        const int shape[4] = {1, 3, height, width};
        peer->blob.create(4, shape, CV_32F);
        cv::randu(peer->blob, -1.0, 1.0);
        bench_net_forward(peer.get());
        return peer.release();
    } catch (const std::exception &) {
        return nullptr;
    }
}

void bench_net_forward(bench_net *peer)
{
    peer->net.setInput(peer->blob);
    peer->net.forward(peer->results, peer->outputs);
}

void bench_net_destroy(bench_net *peer)
{
    delete peer;
}

struct bench_haar {
    cv::CascadeClassifier cascade;
    std::vector<cv::Rect> faces;
};

bench_haar *bench_haar_create(const char *cascade_path)
{
    try {
        std::unique_ptr<bench_haar> peer(new bench_haar);
        if (!peer->cascade.load(cascade_path)) return nullptr;
        return peer.release();
    } catch (const std::exception &) {
        return nullptr;
    }
}

size_t bench_haar_redact(bench_haar *peer, uint8_t *bgr, int width, int height)
{
    cv::Mat picture(height, width, CV_8UC3, bgr), gray;
    cv::cvtColor(picture, gray, cv::COLOR_BGR2GRAY);
    peer->cascade.detectMultiScale(gray, peer->faces);
    for (const cv::Rect &face : peer->faces)
        cv::GaussianBlur(picture(face), picture(face), cv::Size(31, 31), 0);
    return peer->faces.size();
}

void bench_haar_destroy(bench_haar *peer)
{
    delete peer;
}

void bench_cv_blur(uint8_t *bgr, int width, int height, const bench_cv_box *box)
{
    cv::Mat part = cv::Mat(height, width, CV_8UC3, bgr)(cv::Rect(box->x, box->y, box->w, box->h));
    cv::GaussianBlur(part, part, cv::Size(31, 31), 0);
}

void bench_cv_single_thread(void)
{
    cv::setNumThreads(1);
}
