/* The peer of the JPEG row: what a program on OpenCV does. imgcodecs is linked here and nowhere else. */
#include "peers.h"

#include <algorithm>
#include <memory>
#include <opencv2/core.hpp>
#include <opencv2/dnn.hpp>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>
#include <vector>

struct bench_cv_jpeg {
    cv::dnn::Net net;
    std::vector<cv::String> outputs;
    std::vector<cv::Mat> results;
    cv::Mat picture, fitted;
    std::vector<uchar> encoded;
};

bench_cv_jpeg *bench_cv_jpeg_create(const void *model, size_t model_bytes)
{
    try {
        std::unique_ptr<bench_cv_jpeg> peer(new bench_cv_jpeg);
        peer->net = cv::dnn::readNetFromONNX(static_cast<const char *>(model), model_bytes);
        peer->net.setPreferableBackend(cv::dnn::DNN_BACKEND_OPENCV);
        peer->outputs = peer->net.getUnconnectedOutLayersNames();
        return peer.release();
    } catch (const std::exception &) {
        return nullptr;
    }
}

size_t bench_cv_jpeg_redact(bench_cv_jpeg *peer, const uint8_t *file, size_t file_bytes, int quality,
                            const bench_cv_box *face)
{
    const cv::Mat input(1, static_cast<int>(file_bytes), CV_8UC1, const_cast<uint8_t *>(file));
    cv::imdecode(input, cv::IMREAD_COLOR, &peer->picture);
    const cv::Size size(320, 240);
    const double scale = std::min(320.0 / peer->picture.cols, 240.0 / peer->picture.rows);
    cv::Mat small;
    cv::resize(peer->picture, small, cv::Size(), scale, scale, cv::INTER_AREA);
    cv::copyMakeBorder(small, peer->fitted, 0, size.height - small.rows, 0, size.width - small.cols,
                       cv::BORDER_CONSTANT, cv::Scalar::all(127));
    peer->net.setInput(cv::dnn::blobFromImage(peer->fitted, 1.0 / 128, size, cv::Scalar::all(127), true));
    peer->net.forward(peer->results, peer->outputs);
    cv::Mat part = peer->picture(cv::Rect(face->x, face->y, face->w, face->h));
    cv::GaussianBlur(part, part, cv::Size(31, 31), 0);
    cv::imencode(".jpg", peer->picture, peer->encoded, {cv::IMWRITE_JPEG_QUALITY, quality});
    return peer->encoded.size();
}

size_t bench_cv_jpeg_encode(const uint8_t *bgr, int width, int height, int quality, uint8_t *out, size_t capacity)
{
    const cv::Mat picture(height, width, CV_8UC3, const_cast<uint8_t *>(bgr));
    std::vector<uchar> encoded;
    cv::imencode(".jpg", picture, encoded, {cv::IMWRITE_JPEG_QUALITY, quality});
    if (encoded.size() > capacity) return 0;
    std::copy(encoded.begin(), encoded.end(), out);
    return encoded.size();
}

void bench_cv_jpeg_destroy(bench_cv_jpeg *peer)
{
    delete peer;
}
