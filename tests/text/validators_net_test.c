/* IPv6: the textual forms of RFC 4291 section 2.2 and RFC 5952, zones of RFC 4007, and Presidio's cases. */
#include "vectors.h"

static void ipv4_addresses(void **state)
{
    (void)state;
    static const verdict texts[] = {
        {"192.168.1.1", VL_UNKNOWN},
        {"0.0.0.0", VL_UNKNOWN},
        {"255.255.255.255", VL_UNKNOWN},
        {"10.0.0.0/8", VL_UNKNOWN},
        {"10.0.0.0/0", VL_UNKNOWN},
        {"192.168.001.001", VL_UNKNOWN},
        {"10.0.0.0/33", VL_INVALID},
        {"10.0.0.0/123", VL_INVALID},
        {"10.0.0.0/", VL_INVALID},
        {"256.1.1.1", VL_INVALID},
        {"1.2.3", VL_INVALID},
        {"1.2.3.4.5", VL_INVALID},
        {"1.2.3.1000", VL_INVALID},
        {"1..2.3", VL_INVALID},
        {".1.2.3.4", VL_INVALID},
        {"1.2.3.4.", VL_INVALID},
        {"", VL_INVALID},
    };
    CHECK(vl_validate_ip, texts);
}

static void ipv6_addresses(void **state)
{
    (void)state;
    static const verdict texts[] = {
        {"2001:DB8:0:0:8:800:200C:417A", VL_UNKNOWN},
        {"2001:DB8::8:800:200C:417A", VL_UNKNOWN},
        {"FF01::101", VL_UNKNOWN},
        {"::1", VL_UNKNOWN},
        {"0:0:0:0:0:0:13.1.68.3", VL_UNKNOWN},
        {"::13.1.68.3", VL_UNKNOWN},
        {"::FFFF:129.144.52.38", VL_UNKNOWN},
        {"2001:0DB8:0:CD30::/60", VL_UNKNOWN},
        {"2001:db8::", VL_UNKNOWN},
        {"fe80::1%eth0", VL_UNKNOWN},
        {"fe80::1%2/64", VL_UNKNOWN},
        {"1:2:3:4:5:6:7::", VL_UNKNOWN},
        {"::2:3:4:5:6:7:8", VL_UNKNOWN},
        {"2001:db8::10.0.0.1", VL_UNKNOWN},
        {"64:ff9b::192.0.2.0/96", VL_UNKNOWN},
        {"684D:1111:222:3333:4444:5555:6:77", VL_UNKNOWN},
        {"abcd:ef:abcd:ef:abcd:ef:abcd:ef", VL_UNKNOWN},
        {"::", VL_INVALID},
        {":::", VL_INVALID},
        {"2001::db8::1", VL_INVALID},
        {"1:2:3:4:5:6:7", VL_INVALID},
        {"1:2:3:4:5:6:7:8:9", VL_INVALID},
        {"1::2:3:4:5:6:7:8", VL_INVALID},
        {"12345::1", VL_INVALID},
        {"1:2:3:4:5:6:7:1.2.3.4", VL_INVALID},
        {"1.2.3.4::1", VL_INVALID},
        {"12:34:56", VL_INVALID},
        {"abc:def:ghi", VL_INVALID},
        {"face::bed", VL_INVALID},
        {"std::dec", VL_INVALID},
        {"1:", VL_INVALID},
        {":1::", VL_INVALID},
        {"2001:db8::/129", VL_INVALID},
        {"fe80::1%", VL_INVALID},
        {"fe80::1% eth0", VL_INVALID},
        {"::1.2.3", VL_INVALID},
    };
    CHECK(vl_validate_ip, texts);
}

static void mac_addresses(void **state)
{
    (void)state;
    static const verdict texts[] = {
        {"00:11:22:33:44:55", VL_UNKNOWN},    {"AA-BB-CC-DD-EE-FF", VL_UNKNOWN},
        {"0011.2233.4455", VL_UNKNOWN},       {"00:11:22:33:44:55:66:77", VL_UNKNOWN},
        {"0011.2233.4455.6677", VL_UNKNOWN},  {"FF:FF:FF:FF:FF:FF", VL_INVALID},
        {"00:00:00:00:00:00", VL_INVALID},    {"10:2F:33-AC-29-C3", VL_INVALID},
        {"00:11:22:33:44", VL_INVALID},       {"00:11:22:33:44:5", VL_INVALID},
        {"00:11:22:33:44:5G", VL_INVALID},    {"00:11:22:33:44:55:", VL_INVALID},
        {"001122334455", VL_INVALID},         {"0011-2233-4455", VL_INVALID},
        {"00:11:22:33:44:55:66", VL_INVALID}, {"", VL_INVALID},
    };
    CHECK(vl_validate_mac, texts);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ipv4_addresses),
        cmocka_unit_test(ipv6_addresses),
        cmocka_unit_test(mac_addresses),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
