/* Addresses from the Bitcoin wiki, Presidio's tests, and the test vectors of BIP-173 and BIP-350; keys from BIP-32. */
#include "vectors.h"

static void base58_addresses(void **state)
{
    (void)state;
    static const verdict texts[] = {
        {"1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", VL_VALID}, /* the genesis block */
        {"16Yeky6GMjeNkAiNcBY7ZhrLoMSgg1BoyZ", VL_VALID},
        {"3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy", VL_VALID},
        {"1111111111111111111114oLvT2", VL_VALID}, /* 160 zero bits */
        {"112D2adLM3UKy4Z4giRbReR6gjWuvHUqB", VL_VALID},
        {"5HueCGU8rMjxEXxiPuD5BDku4MkFqeZyd4dZ1jvhTVqvbTLvyTJ", VL_VALID}, /* wiki: wallet import format */
        {"KwDidQJHSE67VJ6MWRvbBKAxhD3F48DvqRT6JRqrjd7MHLBjGF7V", VL_VALID},
        {"xpub661MyMwAqRbcFtXgS5sYJABqqG9YLmC4Q1Rdap9gSE8NqtwybGhePY2gZ29ESFjqJoCu1Rupje8YtGqsefD265TMg7usUDFdp6W1EGMce"
         "t8",
         VL_VALID},
        {"16Yeky6GMjeNkAiNcBY7ZhrLoMSgg1BoyY", VL_INVALID},
        {"1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb", VL_INVALID},
        {"1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfN0", VL_INVALID}, /* no zero in the alphabet */
        {"1A1zP1eP5QGefi2DMPTfTL5SLmv7Div\x80Na", VL_INVALID},
        {"1111111111111111111111111", VL_INVALID},
        {"3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLyy", VL_INVALID},
        {"", VL_INVALID},
    };
    CHECK(vl_validate_crypto, texts);
}

static void witness_addresses(void **state)
{
    (void)state;
    static const verdict texts[] = {
        {"BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4", VL_VALID},
        {"tb1qrp33g0q5c5txsp9arysrx4k6zdkfs4nce4xj0gdcccefvpysxf3q0sl5k7", VL_VALID},
        {"bc1pw508d6qejxtdg4y5r3zarvary0c5xw7kw508d6qejxtdg4y5r3zarvary0c5xw7kt5nd6y", VL_VALID},
        {"BC1SW50QGDZ25J", VL_VALID},
        {"bc1zw508d6qejxtdg4y5r3zarvaryvaxxpcs", VL_VALID},
        {"tb1qqqqqp399et2xygdj5xreqhjjvcmzhxw4aywxecjdzew6hylgvsesrxh6hy", VL_VALID},
        {"tb1pqqqqp399et2xygdj5xreqhjjvcmzhxw4aywxecjdzew6hylgvsesf3hn0c", VL_VALID},
        {"bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0", VL_VALID},
        {"bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq", VL_VALID},
        {"bc1p5d7rjq7g6rdk2yhzks9smlaqtedr4dekq08ge8ztwac72sfr9rusxg3297", VL_VALID},
    };
    CHECK(vl_validate_crypto, texts);
}

static void spoilt_witness_addresses(void **state)
{
    (void)state;
    static const verdict texts[] = {
        {"tc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vq5zuyut", VL_INVALID}, /* unknown prefix */
        {"bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqh2y7hd", VL_INVALID}, /* Bech32 for version 1 */
        {"tb1z0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqglt7rf", VL_INVALID},
        {"BC1S0XLXVLHEMJA6C4DQV22UAPCTQUPFHLXM9H8Z3K2E72Q4K9HCZ7VQ54WELL", VL_INVALID},
        {"bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kemeawh", VL_INVALID}, /* Bech32m for version 0 */
        {"tb1q0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vq24jc47", VL_INVALID},
        {"bc1p38j9r5y49hruaue7wxjce0updqjuyyx0kh56v8s25huc6995vvpql3jow4", VL_INVALID}, /* bad character */
        {"BC130XLXVLHEMJA6C4DQV22UAPCTQUPFHLXM9H8Z3K2E72Q4K9HCZ7VQ7ZWS8R", VL_INVALID}, /* version 17 */
        {"bc1pw5dgrnzv", VL_INVALID},                                                   /* one byte */
        {"bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7v8n0nx0muaewav253zgeav", VL_INVALID},
        {"BC1QR508D6QEJXTDG4Y5R3ZARVARYV98GJ9P", VL_INVALID},                           /* 16 bytes in version 0 */
        {"tb1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vq47Zagq", VL_INVALID}, /* mixed case */
        {"bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7v07qwwzcrf",
         VL_INVALID},                                                                   /* more than four spare bits */
        {"tb1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vpggkg4j", VL_INVALID}, /* spare bits set */
        {"bc1gmk9yu", VL_INVALID},                                                      /* empty */
    };
    CHECK(vl_validate_crypto, texts);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(base58_addresses),
        cmocka_unit_test(witness_addresses),
        cmocka_unit_test(spoilt_witness_addresses),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
