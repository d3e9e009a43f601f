/* Every validator over arbitrary bytes: no read outside, no other verdict than the three, the same one twice, and no change of
 * verdict when the bytes are elsewhere in memory. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "text/tlds.h"
#include "text/validators.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const vl_validator_fn validators[] = {
    vl_validate_credit_card,
    vl_validate_us_ssn,
    vl_validate_us_itin,
    vl_validate_aba_routing,
    vl_validate_iban,
    vl_validate_ip,
    vl_validate_mac,
    vl_validate_crypto,
    vl_validate_uk_nhs,
    vl_validate_uk_nino,
    vl_validate_medical_license,
    vl_validate_in_aadhaar,
    vl_validate_in_pan,
    vl_validate_es_nif,
    vl_validate_it_fiscal_code,
    vl_validate_pl_pesel,
    vl_validate_date_time,
    vl_validate_github_token,
    vl_validate_jwt,
    vl_validate_email,
    vl_validate_url,
    vl_validate_phone,
    vl_validate_phone_loose,
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *copy = malloc(size + 1); /* one byte off, so that alignment differs */
    if (copy == NULL) return 0;
    if (size > 0) memcpy(copy + 1, data, size);
    for (size_t i = 0; i < sizeof validators / sizeof validators[0]; i++) {
        vl_validity first = validators[i]((const char *)data, size);
        vl_validity second = validators[i](copy + 1, size);
        if (first != second || (int)first < VL_INVALID || (int)first > VL_VALID) abort();
    }
    if (vl_tld_exists(copy + 1, size) && size < 2) abort();
    if (size >= 2 && vl_iban_length(copy + 1) > 34) abort();
    free(copy);
    return 0;
}
