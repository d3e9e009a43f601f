/*
 * Validators of the single countries that Presidio names too. The rules of validators.h hold for them. Each formula's source
 * stands beside its code; where an issuer gives no formula, the answer is VL_UNKNOWN at best.
 */
#ifndef VL_TEXT_VALIDATORS_NATIONAL_H
#define VL_TEXT_VALIDATORS_NATIONAL_H

#include <stdbool.h>

#include "text/validators.h"

/** Verhoeff's check over all digits, the check digit last. */
bool vl_passes_verhoeff(const uint8_t *digits, size_t count);

/* Africa */
vl_validity vl_validate_ng_nin(const char *text, size_t size_bytes);
vl_validity vl_validate_ng_plate(const char *text, size_t size_bytes);
vl_validity vl_validate_za_id(const char *text, size_t size_bytes);

/* Australia, Canada, United States */
vl_validity vl_validate_au_abn(const char *text, size_t size_bytes);
vl_validity vl_validate_au_acn(const char *text, size_t size_bytes);
vl_validity vl_validate_au_medicare(const char *text, size_t size_bytes);
vl_validity vl_validate_au_tfn(const char *text, size_t size_bytes);
vl_validity vl_validate_ca_sin(const char *text, size_t size_bytes);
vl_validity vl_validate_us_npi(const char *text, size_t size_bytes);

/* Germany */
vl_validity vl_validate_de_bsnr(const char *text, size_t size_bytes);
vl_validity vl_validate_de_health(const char *text, size_t size_bytes);
vl_validity vl_validate_de_document(const char *text,
                                    size_t size_bytes); /* identity card, passport: check digit last */
vl_validity vl_validate_de_plate(const char *text, size_t size_bytes);
vl_validity vl_validate_de_lanr(const char *text, size_t size_bytes);
vl_validity vl_validate_de_plz(const char *text, size_t size_bytes);
vl_validity vl_validate_de_pension(const char *text, size_t size_bytes);
vl_validity vl_validate_de_tax_id(const char *text, size_t size_bytes);
vl_validity vl_validate_de_vat(const char *text, size_t size_bytes);

/* Finland, Italy, Spain, Sweden */
vl_validity vl_validate_es_nie(const char *text, size_t size_bytes);
vl_validity vl_validate_fi_code(const char *text, size_t size_bytes);
vl_validity vl_validate_it_vat(const char *text, size_t size_bytes);
vl_validity vl_validate_se_person(const char *text, size_t size_bytes);
vl_validity vl_validate_se_organisation(const char *text, size_t size_bytes);

/* United Kingdom */
vl_validity vl_validate_uk_driver(const char *text, size_t size_bytes);
vl_validity vl_validate_uk_postcode(const char *text, size_t size_bytes);
vl_validity vl_validate_uk_plate(const char *text, size_t size_bytes); /* the format since 2001 */

/* India */
vl_validity vl_validate_in_gstin(const char *text, size_t size_bytes);
vl_validity vl_validate_in_plate(const char *text, size_t size_bytes);
vl_validity vl_validate_in_diplomatic(const char *text, size_t size_bytes);
vl_validity vl_validate_nonzero_end(const char *text, size_t size_bytes); /* the last digits are not all 0 */

/* Korea, Philippines, Singapore, Thailand, Turkey */
vl_validity vl_validate_kr_rrn(const char *text, size_t size_bytes);
vl_validity vl_validate_kr_frn(const char *text, size_t size_bytes);
vl_validity vl_validate_kr_brn(const char *text, size_t size_bytes);
vl_validity vl_validate_kr_driver(const char *text, size_t size_bytes);
vl_validity vl_validate_ph_tin(const char *text, size_t size_bytes);
vl_validity vl_validate_ph_mobile(const char *text, size_t size_bytes);
vl_validity vl_validate_sg_nric(const char *text, size_t size_bytes);
vl_validity vl_validate_sg_uen(const char *text, size_t size_bytes);
vl_validity vl_validate_th_tnin(const char *text, size_t size_bytes);
vl_validity vl_validate_tr_id(const char *text, size_t size_bytes);
vl_validity vl_validate_tr_phone(const char *text, size_t size_bytes);
vl_validity vl_validate_tr_plate(const char *text, size_t size_bytes);

#endif
