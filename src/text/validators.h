/*
 * Checksum and structure validators, each over the matched bytes with their separators. Pure functions: no allocation, no
 * state, any thread, any bytes. Sources of each formula are beside its code.
 *
 * A checksum that passes proves a number: VL_VALID. Numbers that have none (SSN, ITIN, NINO, PAN, addresses of networks, URLs,
 * dates, phones) are VL_UNKNOWN at best. A validator judges the bytes as they are: where a pattern may run too far (a prefix
 * length behind an address, a word behind an IBAN), the refinement cuts and asks again.
 */
#ifndef VL_TEXT_VALIDATORS_H
#define VL_TEXT_VALIDATORS_H

#include <stddef.h>
#include <stdint.h>

typedef enum vl_validity {
    VL_INVALID, /* the check failed: the candidate is dropped */
    VL_UNKNOWN, /* nothing to check: the pattern's own score stands */
    VL_VALID    /* the check passed: score 1.0 */
} vl_validity;

typedef vl_validity (*vl_validator_fn)(const char *text, size_t size_bytes);

/** Characters without separators that an IBAN of the country text[0..1] has, or 0 for no such country. */
size_t vl_iban_length(const char *text);

vl_validity vl_validate_credit_card(const char *text, size_t size_bytes); /* length, network ranges, Luhn */
vl_validity vl_validate_card_track(const char *text, size_t size_bytes);  /* "B", a card, "^"; a card, "=", a month */
vl_validity vl_validate_card_wide(const char *text, size_t size_bytes);   /* anything between the digits */
vl_validity vl_validate_card_loose(const char *text, size_t size_bytes);  /* 16 digits; an expiry or code behind them */
vl_validity vl_validate_ssn_wide(const char *text, size_t size_bytes);
vl_validity vl_validate_phone_wide(const char *text, size_t size_bytes);
vl_validity vl_validate_us_ssn(const char *text, size_t size_bytes); /* area, group, serial; not a checksum */
vl_validity vl_validate_us_itin(const char *text, size_t size_bytes);
vl_validity vl_validate_aba_routing(const char *text, size_t size_bytes);
vl_validity vl_validate_iban(const char *text, size_t size_bytes);       /* country length, BBAN shape, mod 97 */
vl_validity vl_validate_ip(const char *text, size_t size_bytes);         /* v4, v6, optional prefix length and zone */
vl_validity vl_validate_mac_dotted(const char *text, size_t size_bytes); /* "001b.4411.3ab7" */
vl_validity vl_validate_mac(const char *text, size_t size_bytes);
vl_validity vl_validate_crypto(const char *text, size_t size_bytes); /* Base58Check, Bech32, Bech32m */
vl_validity vl_validate_uk_nhs(const char *text, size_t size_bytes);
vl_validity vl_validate_uk_nino(const char *text, size_t size_bytes);
vl_validity vl_validate_medical_license(const char *text, size_t size_bytes); /* DEA number */
vl_validity vl_validate_in_aadhaar(const char *text, size_t size_bytes);      /* Verhoeff */
vl_validity vl_validate_in_pan(const char *text, size_t size_bytes);
vl_validity vl_validate_es_nif(const char *text, size_t size_bytes);
vl_validity vl_validate_it_fiscal_code(const char *text, size_t size_bytes);
vl_validity vl_validate_pl_pesel(const char *text, size_t size_bytes);
vl_validity vl_validate_date_time(const char *text, size_t size_bytes);    /* calendar ranges */
vl_validity vl_validate_github_token(const char *text, size_t size_bytes); /* CRC32 in base62 for the classic formats */
vl_validity vl_validate_token(const char *text, size_t size_bytes);       /* entropy alone: a placeholder is no token */
vl_validity vl_validate_mixed_token(const char *text, size_t size_bytes); /* and a digit */
vl_validity vl_validate_npm_token(const char *text, size_t size_bytes);   /* CRC32 in base62 */
vl_validity vl_validate_grafana_token(const char *text, size_t size_bytes); /* CRC32 in hexadecimal */
vl_validity vl_validate_pypi_token(const char *text, size_t size_bytes);    /* macaroon for pypi.org */
vl_validity vl_validate_wrapped_key(const char *text, size_t size_bytes);   /* armour in base64 */
vl_validity vl_validate_discord_token(const char *text, size_t size_bytes); /* the first part is a number in base64 */
vl_validity vl_validate_age_key(const char *text, size_t size_bytes);       /* Bech32 */
vl_validity vl_validate_jwt(const char *text, size_t size_bytes); /* header decodes to a JSON object with "alg" */
vl_validity vl_validate_jwt_header(const char *text, size_t size_bytes); /* the first part alone; a dot ends it */
vl_validity vl_validate_email(const char *text, size_t size_bytes);      /* lengths, dots, top-level domain */
vl_validity vl_validate_url(const char *text, size_t size_bytes);
vl_validity vl_validate_phone(const char *text, size_t size_bytes); /* numbering-plan lengths and prefixes */
/** Digits alone, behind a word that names a phone: any but a date or one digit repeated. */
vl_validity vl_validate_phone_digits(const char *text, size_t size_bytes);
/** Also groupings of which only context words can tell that they are phones ("785 8949", "50-98-28-96"). */
vl_validity vl_validate_phone_loose(const char *text, size_t size_bytes);

#endif
