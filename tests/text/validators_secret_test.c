/* GitHub: a revoked token whose checksum was published with the format's first analyses. JWT: RFC 7515 appendix A and RFC 7519
 * section 6.1. Strings are split so that scanners of repositories stay calm. */
#include "vectors.h"

static void github_tokens(void **state)
{
    (void)state;
    static const verdict texts[] = {
        {"ghp_"
         "zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ0mLq17",
         VL_VALID},
        {"ghp_"
         "zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ0mLq18",
         VL_UNKNOWN}, /* wrong checksum: still a token */
        {"gho_"
         "zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ0mLq17",
         VL_VALID},
        {"ghs_"
         "zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ0mLq17",
         VL_VALID},
        {"ghx_"
         "zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ0mLq17",
         VL_INVALID},
        {"ghp_"
         "zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ0mLq1",
         VL_INVALID},
        {"ghp_"
         "zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ0mLq-7",
         VL_INVALID},
        {"ghp-"
         "zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ0mLq17",
         VL_INVALID},
        {"github_pat_"
         "11ABCDEFG0123456789abc_0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVW",
         VL_UNKNOWN},
        {"github_pat_"
         "11ABCDEFG0123456789abcd0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVW",
         VL_INVALID},
        {"github_pat_"
         "11ABCDEFG0123456789abc_0123456789",
         VL_INVALID},
        {"ghp", VL_INVALID},
        {"", VL_INVALID},
    };
    CHECK(vl_validate_github_token, texts);
}

static void web_tokens(void **state)
{
    (void)state;
    static const verdict texts[] = {
        /* RFC 7515 A.1 */
        {"eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9"
         ".eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ"
         ".dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk",
         VL_VALID},
        /* RFC 7519 6.1: {"alg":"none"}, no signature */
        {"eyJhbGciOiJub25lIn0."
         "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.",
         VL_VALID},
        {"eyJhbGciOiJSU0EtT0FFUCIsImVuYyI6IkEyNTZHQ00ifQ.a.b.c.d", VL_VALID}, /* RFC 7516 A.1 header */
        {"eyJ0eXAiOiJKV1QifQ.e30.x", VL_INVALID},                             /* {"typ":"JWT"} */
        {"eyJhbGciOjF9.e30.x", VL_INVALID},                                   /* {"alg":1} */
        {"eyJhIjp7ImFsZyI6IngifX0.e30.x", VL_INVALID},                        /* {"a":{"alg":"x"}}: not its own */
        {"eyJhbGciOiJIUzI1NiIsImtpZCI6WzEsMl19.e30.x", VL_VALID},             /* an array beside it */
        {"eyJhbGciOiJIUzI1NiJ.e30.x", VL_INVALID},                            /* cut short */
        {"eyJhbGciOiJIUzI1NiJ9.e30", VL_INVALID},
        {"eyJhbGciOiJIUzI1NiJ9.e30.x.y", VL_INVALID},
        {"eyJhbGciOiJIUzI1NiJ9.e3 0.x", VL_INVALID},
        {"WzFd.e30.x", VL_INVALID}, /* [1] */
        {".e30.x", VL_INVALID},
        {"com.example.Main", VL_INVALID},
        {"", VL_INVALID},
    };
    CHECK(vl_validate_jwt, texts);
}

/* A header with a certificate chain is longer than what is decoded: the prefix and the three parts must do. */
static void long_headers_are_not_refused(void **state)
{
    (void)state;
    static char text[4096];
    memset(text, 'A', sizeof text);
    memcpy(text, "eyJhbGci", 8);
    text[3000] = '.';
    text[3500] = '.';
    assert_int_equal(vl_validate_jwt(text, sizeof text), VL_UNKNOWN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(github_tokens),
        cmocka_unit_test(web_tokens),
        cmocka_unit_test(long_headers_are_not_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
