#include "support/draw_text.h"

#include <opencv2/imgproc.hpp>

void draw_text(uint8_t *pixels, uint32_t width, uint32_t height, const char *text, int x, int y, double capitals,
               uint8_t tone, bool serif)
{
    cv::Mat picture(static_cast<int>(height), static_cast<int>(width), CV_8UC1, pixels);
    const double scale = capitals / 21.0; /* Hershey capitals are 21 units tall */
    const int thickness = scale > 1.2 ? 2 : 1;
    cv::putText(picture, text, cv::Point(x, y), serif ? cv::FONT_HERSHEY_COMPLEX : cv::FONT_HERSHEY_DUPLEX, scale,
                cv::Scalar(tone), thickness, cv::LINE_AA);
}
