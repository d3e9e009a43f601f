/* A build without images has no OpenCV whose threads could be set. */
#include "cli/session.h"

void vl_cli_cv_threads(void)
{
}
