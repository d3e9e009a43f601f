/*
 * Validators of the entities beyond Presidio: countries, devices, finance, places. The rules of validators.h hold for them.
 * Each formula's source stands beside its code. Where a registry also issues numbers that its own formula refuses, or gives no
 * formula at all, the answer is VL_UNKNOWN.
 */
#ifndef VL_TEXT_VALIDATORS_WORLD_H
#define VL_TEXT_VALIDATORS_WORLD_H

#include <stdbool.h>

#include "text/validators.h"

/* Americas */
vl_validity vl_validate_br_cpf(const char *text, size_t size_bytes);
vl_validity vl_validate_br_cnpj(const char *text, size_t size_bytes); /* digits, and with letters as from 2026 */
vl_validity vl_validate_mx_curp(const char *text, size_t size_bytes);
vl_validity vl_validate_mx_rfc(const char *text, size_t size_bytes);
vl_validity vl_validate_cl_rut(const char *text, size_t size_bytes);
vl_validity vl_validate_ar_cuit(const char *text, size_t size_bytes);
vl_validity vl_validate_co_nit(const char *text, size_t size_bytes);

/* Western and southern Europe */
vl_validity vl_validate_fr_nir(const char *text, size_t size_bytes); /* with its key, or 13 characters without */
vl_validity vl_validate_fr_siren(const char *text, size_t size_bytes);
vl_validity vl_validate_fr_siret(const char *text, size_t size_bytes);
vl_validity vl_validate_nl_bsn(const char *text, size_t size_bytes);
vl_validity vl_validate_be_national_number(const char *text, size_t size_bytes);
vl_validity vl_validate_ch_ahv(const char *text, size_t size_bytes);
vl_validity vl_validate_at_svnr(const char *text, size_t size_bytes);
vl_validity vl_validate_pt_nif(const char *text, size_t size_bytes);
vl_validity vl_validate_ie_pps(const char *text, size_t size_bytes);
vl_validity vl_validate_gr_amka(const char *text, size_t size_bytes);

/* Nordic countries */
vl_validity vl_validate_dk_cpr(const char *text, size_t size_bytes); /* date and sequence: never VL_VALID */
vl_validity vl_validate_no_fnr(const char *text,
                               size_t size_bytes); /* also D, H and synthetic numbers, and as from 2032 */

/* Eastern Europe and the Baltic states */
vl_validity vl_validate_cz_rc(const char *text, size_t size_bytes);
vl_validity vl_validate_ro_cnp(const char *text, size_t size_bytes);
vl_validity vl_validate_bg_egn(const char *text, size_t size_bytes);
vl_validity vl_validate_hr_oib(const char *text, size_t size_bytes);
vl_validity vl_validate_baltic_code(const char *text, size_t size_bytes); /* Estonia and Lithuania */
vl_validity vl_validate_lv_pk(const char *text, size_t size_bytes);

/* Asia and Oceania */
vl_validity vl_validate_il_id(const char *text, size_t size_bytes);
vl_validity vl_validate_ae_emirates_id(const char *text, size_t size_bytes);
vl_validity vl_validate_cn_ric(const char *text, size_t size_bytes); /* 18 characters, or the old 15 */
vl_validity vl_validate_hk_id(const char *text, size_t size_bytes);
vl_validity vl_validate_tw_id(const char *text, size_t size_bytes); /* citizens, residents old and new */
vl_validity vl_validate_jp_my_number(const char *text, size_t size_bytes);
vl_validity vl_validate_my_nric(const char *text, size_t size_bytes); /* date and place: never VL_VALID */
vl_validity vl_validate_id_nik(const char *text, size_t size_bytes);  /* place and date: never VL_VALID */
vl_validity vl_validate_nz_ird(const char *text, size_t size_bytes);
vl_validity vl_validate_nz_nhi(const char *text, size_t size_bytes); /* both formats */

/* Vehicles and telephones */
vl_validity vl_validate_vin(const char *text,
                            size_t size_bytes); /* VL_UNKNOWN where the check digit need not be used */
vl_validity vl_validate_imei(const char *text, size_t size_bytes); /* IMEI; IMEISV is never VL_VALID */
vl_validity vl_validate_imsi(const char *text, size_t size_bytes); /* network's country: never VL_VALID */
vl_validity vl_validate_iccid(const char *text, size_t size_bytes);

/* Finance */
vl_validity vl_validate_swift_bic(const char *text, size_t size_bytes); /* country: never VL_VALID */
vl_validity vl_validate_lei(const char *text, size_t size_bytes);
vl_validity vl_validate_isin(const char *text, size_t size_bytes);

/* Places and people */
vl_validity vl_validate_gps(const char *text, size_t size_bytes);      /* ranges: never VL_VALID */
vl_validity vl_validate_gps_pair(const char *text, size_t size_bytes); /* two coordinates, not both near zero */
vl_validity vl_validate_age(const char *text, size_t size_bytes);      /* 0 to 120 years */

/** Two capital letters are an ISO 3166-1 code (or XK, which banks use for Kosovo). */
bool vl_is_country(const char *letters);

#endif
