/* First link: nothing is checked yet. */
#include "text/validators.h"

vl_validity vl_validate_credit_card(const char *text, size_t size_bytes)
{
    (void)text;
    (void)size_bytes;
    return VL_UNKNOWN;
}

vl_validity vl_validate_us_ssn(const char *text, size_t size_bytes)
{
    (void)text;
    (void)size_bytes;
    return VL_UNKNOWN;
}

vl_validity vl_validate_us_itin(const char *text, size_t size_bytes)
{
    (void)text;
    (void)size_bytes;
    return VL_UNKNOWN;
}

vl_validity vl_validate_aba_routing(const char *text, size_t size_bytes)
{
    (void)text;
    (void)size_bytes;
    return VL_UNKNOWN;
}

vl_validity vl_validate_iban(const char *text, size_t size_bytes)
{
    (void)text;
    (void)size_bytes;
    return VL_UNKNOWN;
}

vl_validity vl_validate_ip(const char *text, size_t size_bytes)
{
    (void)text;
    (void)size_bytes;
    return VL_UNKNOWN;
}

vl_validity vl_validate_mac(const char *text, size_t size_bytes)
{
    (void)text;
    (void)size_bytes;
    return VL_UNKNOWN;
}

vl_validity vl_validate_crypto(const char *text, size_t size_bytes)
{
    (void)text;
    (void)size_bytes;
    return VL_UNKNOWN;
}

vl_validity vl_validate_uk_nhs(const char *text, size_t size_bytes)
{
    (void)text;
    (void)size_bytes;
    return VL_UNKNOWN;
}

vl_validity vl_validate_uk_nino(const char *text, size_t size_bytes)
{
    (void)text;
    (void)size_bytes;
    return VL_UNKNOWN;
}

vl_validity vl_validate_medical_license(const char *text, size_t size_bytes)
{
    (void)text;
    (void)size_bytes;
    return VL_UNKNOWN;
}

vl_validity vl_validate_in_aadhaar(const char *text, size_t size_bytes)
{
    (void)text;
    (void)size_bytes;
    return VL_UNKNOWN;
}

vl_validity vl_validate_in_pan(const char *text, size_t size_bytes)
{
    (void)text;
    (void)size_bytes;
    return VL_UNKNOWN;
}

vl_validity vl_validate_es_nif(const char *text, size_t size_bytes)
{
    (void)text;
    (void)size_bytes;
    return VL_UNKNOWN;
}

vl_validity vl_validate_it_fiscal_code(const char *text, size_t size_bytes)
{
    (void)text;
    (void)size_bytes;
    return VL_UNKNOWN;
}

vl_validity vl_validate_pl_pesel(const char *text, size_t size_bytes)
{
    (void)text;
    (void)size_bytes;
    return VL_UNKNOWN;
}

vl_validity vl_validate_date_time(const char *text, size_t size_bytes)
{
    (void)text;
    (void)size_bytes;
    return VL_UNKNOWN;
}

vl_validity vl_validate_github_token(const char *text, size_t size_bytes)
{
    (void)text;
    (void)size_bytes;
    return VL_UNKNOWN;
}

vl_validity vl_validate_jwt(const char *text, size_t size_bytes)
{
    (void)text;
    (void)size_bytes;
    return VL_UNKNOWN;
}

vl_validity vl_validate_email(const char *text, size_t size_bytes)
{
    (void)text;
    (void)size_bytes;
    return VL_UNKNOWN;
}

vl_validity vl_validate_url(const char *text, size_t size_bytes)
{
    (void)text;
    (void)size_bytes;
    return VL_UNKNOWN;
}

vl_validity vl_validate_phone(const char *text, size_t size_bytes)
{
    (void)text;
    (void)size_bytes;
    return VL_UNKNOWN;
}
