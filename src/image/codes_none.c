/* A build without VEIL_CODES. */
#include "image/codes.h"

bool vl_codes_are_built(void)
{
    return false;
}

const char *vl_codes_version(void)
{
    return "";
}

uint32_t vl_codes_shrink(const vl_code_search *search, uint32_t width, uint32_t height)
{
    (void)search;
    (void)width;
    (void)height;
    return 1;
}

veil_status vl_codes_find(const vl_code_search *search, const vl_image_view *view, vl_mark_list *marks,
                          veil_error *error)
{
    (void)search;
    (void)view;
    (void)marks;
    return vl_error_set(error, VEIL_ERR_UNSUPPORTED, 0, "this build does not read codes");
}

veil_status vl_codes_prove(vl_pool *pool, veil_error *error)
{
    (void)pool;
    return vl_error_set(error, VEIL_ERR_UNSUPPORTED, 0, "this build does not read codes");
}
