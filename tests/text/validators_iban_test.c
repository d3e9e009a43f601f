/* Every country's example from the SWIFT IBAN registry, each spoilt in every character as well. */
#include "vectors.h"

static const char *const examples[] = {
    "AD1200012030200359100100",
    "AE070331234567890123456",
    "AL47212110090000000235698741",
    "AT611904300234573201",
    "AZ21NABZ00000000137010001944",
    "BA391290079401028494",
    "BE68539007547034",
    "BG80BNBG96611020345678",
    "BH67BMAG00001299123456",
    "BI4210000100010000332045181",
    "BR1800360305000010009795493C1",
    "BY13NBRB3600900000002Z00AB00",
    "CH9300762011623852957",
    "CR05015202001026284066",
    "CY17002001280000001200527600",
    "CZ6508000000192000145399",
    "DE89370400440532013000",
    "DJ2100010000000154000100186",
    "DK5000400440116243",
    "DO28BAGR00000001212453611324",
    "EE382200221020145685",
    "EG380019000500000000263180002",
    "ES9121000418450200051332",
    "FI2112345600000785",
    "FK88SC123456789012",
    "FO6264600001631634",
    "FR1420041010050500013M02606",
    "GB29NWBK60161331926819",
    "GE29NB0000000101904917",
    "GI75NWBK000000007099453",
    "GL8964710001000206",
    "GR1601101250000000012300695",
    "GT82TRAJ01020000001210029690",
    "HN88CABF00000000000250005469",
    "HR1210010051863000160",
    "HU42117730161111101800000000",
    "IE29AIBK93115212345678",
    "IL620108000000099999999",
    "IQ98NBIQ850123456789012",
    "IS140159260076545510730339",
    "IT60X0542811101000000123456",
    "JO94CBJO0010000000000131000302",
    "KW81CBKU0000000000001234560101",
    "KZ86125KZT5004100100",
    "LB62099900000001001901229114",
    "LC55HEMM000100010012001200023015",
    "LI21088100002324013AA",
    "LT121000011101001000",
    "LU280019400644750000",
    "LV80BANK0000435195001",
    "LY83002048000020100120361",
    "MC5811222000010123456789030",
    "MD24AG000225100013104168",
    "ME25505000012345678951",
    "MK07250120000058984",
    "MN121234123456789123",
    "MR1300020001010000123456753",
    "MT84MALT011000012345MTLCAST001S",
    "MU17BOMM0101101030300200000MUR",
    "NI45BAPR00000013000003558124",
    "NL91ABNA0417164300",
    "NO9386011117947",
    "OM810180000001299123456",
    "PK36SCBL0000001123456702",
    "PL61109010140000071219812874",
    "PS92PALS000000000400123456702",
    "PT50000201231234567890154",
    "QA58DOHB00001234567890ABCDEFG",
    "RO49AAAA1B31007593840000",
    "RS35260005601001611379",
    "RU0304452522540817810538091310419",
    "SA0380000000608010167519",
    "SC18SSCB11010000000000001497USD",
    "SD8811123456789012",
    "SE4550000000058398257466",
    "SI56263300012039086",
    "SK3112000000198742637541",
    "SM86U0322509800000000270100",
    "SO211000001001000100141",
    "ST68000100010051845310112",
    "SV62CENR00000000000000700025",
    "TL380080012345678910157",
    "TN5910006035183598478831",
    "TR330006100519786457841326",
    "UA213223130000026007233566001",
    "VA59001123000012345678",
    "VG96VPVG0000012345678901",
    "XK051212012345678906",
    "YE15CBYE0001018861234567891234",
};

#define EXAMPLE_COUNT (sizeof examples / sizeof examples[0])

static void every_country_passes(void **state)
{
    (void)state;
    size_t wrong = 0;
    for (size_t i = 0; i < EXAMPLE_COUNT; i++) {
        if (judge(vl_validate_iban, examples[i]) == VL_VALID && vl_iban_length(examples[i]) == strlen(examples[i]))
            continue;
        print_error("%s\n", examples[i]);
        wrong++;
    }
    assert_int_equal(wrong, 0);
}

/* MOD 97-10 finds every single-character fault. */
static void every_single_fault_is_found(void **state)
{
    (void)state;
    char text[40];
    for (size_t i = 0; i < EXAMPLE_COUNT; i++) {
        size_t bytes = strlen(examples[i]);
        for (size_t place = 0; place < bytes; place++) {
            memcpy(text, examples[i], bytes + 1);
            text[place] = text[place] == '7' ? '8' : '7';
            assert_int_equal(judge(vl_validate_iban, text), VL_INVALID);
        }
        memcpy(text, examples[i], bytes + 1);
        text[bytes - 1] = '\0';
        assert_int_equal(judge(vl_validate_iban, text), VL_INVALID);
    }
}

static void separators_and_cases(void **state)
{
    (void)state;
    static const verdict texts[] = {
        {"AL47 2121 1009 0000 0002 3569 8741", VL_VALID},
        {"AL47-2121-1009-0000-0002-3569-8741", VL_VALID},
        {"de89 3704 0044 0532 0130 00", VL_VALID},
        {"LV80 bANK 0000 4351 9500 1", VL_INVALID}, /* mixed case */
        {"AZ21NABZ00000000137010001945", VL_INVALID},
        {"BH67BMA100001299123456", VL_INVALID}, /* a digit in the bank's letters */
        {"KZ86 A25K ZT50 0410 0100", VL_INVALID},
        {"AB150120690000003111141", VL_INVALID}, /* no such country */
        {"CY17 0020 0128 0000 0012 0052 7601 failed", VL_INVALID},
        {"DE", VL_INVALID},
        {"", VL_INVALID},
    };
    CHECK(vl_validate_iban, texts);
    assert_int_equal(vl_iban_length("no"), 15);
    assert_int_equal(vl_iban_length("ZZ"), 0);
}

/* Numbers in countries that use IBANs without registering them; check digits computed by ISO 7064 from the shape. */
static void unregistered_countries_have_lengths(void **state)
{
    (void)state;
    static const char *const codes[] = {"AO", "BF", "BJ", "CF", "CG", "CI", "CM", "CV", "DZ", "GA", "GQ",
                                        "GW", "IR", "KM", "MA", "MG", "ML", "MZ", "NE", "SN", "TD", "TG"};
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
        size_t length = vl_iban_length(codes[i]);
        assert_true(length >= 25 && length <= 28);
    }
    assert_int_equal(judge(vl_validate_iban, "MA64011519000001205000534921"), VL_VALID); /* wise.com's example */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_country_passes),
        cmocka_unit_test(every_single_fault_is_found),
        cmocka_unit_test(separators_and_cases),
        cmocka_unit_test(unregistered_countries_have_lengths),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
