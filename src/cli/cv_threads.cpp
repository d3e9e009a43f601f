// OpenCV keeps a thread pool of its own and would spread one picture over all cores. Here inputs are what runs side by side
// (--jobs), so each call stays on its thread. The library leaves this setting to its host; this program is one.
#include <opencv2/core/utility.hpp>

extern "C" void vl_cli_cv_threads(void);

extern "C" void vl_cli_cv_threads(void)
{
    try {
        cv::setNumThreads(1);
    } catch (...) { // a slower picture is no reason to fail
    }
}
