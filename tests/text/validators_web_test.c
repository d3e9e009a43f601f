/* E-mail: RFC 5321 lengths and RFC 5322 dot-atoms; URLs: RFC 3986 authorities; domains by the root zone. */
#include <stdio.h>

#include "vectors.h"

static void mail_addresses(void **state)
{
    (void)state;
    static const verdict texts[] = {
        {"jane.roe@example.com", VL_VALID},
        {"info@presidio.site", VL_VALID},
        {"a@b.co", VL_VALID},
        {"Jane+Tag@Mail.Example.CO.UK", VL_VALID},
        {"o'neil@museum.museum", VL_VALID},
        {"x@xn--bcher-kva.ch", VL_VALID},
        {"x@domain.xn--p1ai", VL_VALID},
        {"\"jane roe\"@example.org", VL_VALID},
        {"x@b\xC3\xBC"
         "cher.de",
         VL_VALID},
        {"x@\xD0\xBF\xD1\x80.\xD1\x80\xD1\x84", VL_UNKNOWN},
        {"jane@host.internal", VL_UNKNOWN},
        {"jane@mail.example", VL_UNKNOWN},
        {"jane@[192.168.1.1]", VL_UNKNOWN},
        {"jane@[300.1.1.1]", VL_INVALID},
        {"info@presidio.", VL_INVALID},
        {"info@presidio", VL_INVALID},
        {"git@github.notatld", VL_INVALID},
        {".jane@example.com", VL_INVALID},
        {"jane.@example.com", VL_VALID}, /* not of RFC 5322, but given out by providers */
        {"ja..ne@example.com", VL_VALID},
        {"ja...ne@example.com", VL_INVALID},
        {"jane@[IPv6:2001:db8::1]", VL_UNKNOWN},
        {"jane@[2001:db8::zz]", VL_INVALID},
        {"\\\"jane roe\\\"@example.org", VL_VALID},
        {"@example.com", VL_INVALID},
        {"jane@-example.com", VL_INVALID},
        {"jane@example-.com", VL_INVALID},
        {"jane@exam..ple.com", VL_INVALID},
        {"jane@.com", VL_INVALID},
        {"jane@exa mple.com", VL_INVALID},
        {"jane.roe", VL_INVALID},
        {"", VL_INVALID},
    };
    CHECK(vl_validate_email, texts);
}

static void mail_lengths(void **state)
{
    (void)state;
    char text[400];
    memset(text, 'a', sizeof text);
    memcpy(text + 64, "@example.com", 12);
    assert_int_equal(vl_validate_email(text, 76), VL_VALID); /* a local part of 64 */
    memset(text, 'a', sizeof text);
    memcpy(text + 65, "@example.com", 12);
    assert_int_equal(vl_validate_email(text, 77), VL_INVALID);
    for (int label = 63; label <= 64; label++) {
        int bytes = snprintf(text, sizeof text, "jane@%.*s.com", label,
                             "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa");
        assert_int_equal(vl_validate_email(text, (size_t)bytes), label == 63 ? VL_VALID : VL_INVALID);
    }
    memset(text, 'a', sizeof text);
    text[1] = '@';
    for (size_t i = 20; i < 260; i += 20)
        text[i] = '.';
    memcpy(text + 251, "com", 3); /* 254 in all, then 255 */
    text[250] = '.';
    assert_int_equal(vl_validate_email(text, 254), VL_VALID);
    memcpy(text + 250, "a.com", 5);
    assert_int_equal(vl_validate_email(text, 255), VL_INVALID);
}

static void urls_with_a_scheme(void **state)
{
    (void)state;
    static const verdict texts[] = {
        {"http://www.microsoft.com", VL_UNKNOWN},
        {"http://microsoft.vlaanderen", VL_UNKNOWN},
        {"https://webhook.site/a8eedfd6-9d8a-44e0-b0fc-cc7d517db5dc?q=1&b=2", VL_UNKNOWN},
        {"http://localhost:8080/x", VL_UNKNOWN},
        {"https://user:secret@example.com:443/a", VL_UNKNOWN},
        {"ftp://10.0.0.1/pub", VL_UNKNOWN},
        {"http://[2001:db8::1]:80/", VL_UNKNOWN},
        {"https://example.com?q=a", VL_UNKNOWN},
        {"https://example.com./", VL_UNKNOWN},
        {"http://[2001:db8::zz]/", VL_INVALID},
        {"http://[2001:db8::1", VL_INVALID},
        {"http://example.com:99999/", VL_INVALID},
        {"http://example.com:80a/", VL_INVALID},
        {"http://-bad.com/", VL_INVALID},
        {"http://", VL_INVALID},
        {"http:///path", VL_INVALID},
    };
    CHECK(vl_validate_url, texts);
}

static void urls_without_a_scheme(void **state)
{
    (void)state;
    static const verdict texts[] = {
        {"www.example.com", VL_UNKNOWN},
        {"example.com/path", VL_UNKNOWN},
        {"example.co.uk", VL_UNKNOWN},
        {"host.internal/x", VL_UNKNOWN},
        {"bit.ly/abc", VL_UNKNOWN},
        {"docs.python.org:443/3", VL_UNKNOWN},
        {"setup.py", VL_INVALID},
        {"README.md", VL_INVALID},
        {"user.name", VL_INVALID},
        {"com.example.Main", VL_INVALID},
        {"file.txt", VL_INVALID},
        {"Main.java:2914", VL_INVALID},
        {"com.android.phone", VL_INVALID},
        {"Org.acme.app/x", VL_INVALID},
        {"community.example.org", VL_UNKNOWN},
        {"net.example.com", VL_UNKNOWN},
        {"java.com", VL_UNKNOWN},
        {"log4j.properties", VL_INVALID},
        {"www.visit.java", VL_UNKNOWN},
        {"e.g", VL_INVALID},
        {"1.2.3", VL_INVALID},
        {"localhost", VL_INVALID},
        {"install.sh/usr", VL_UNKNOWN},
        {"[::1]/x", VL_INVALID},
        {"", VL_INVALID},
    };
    CHECK(vl_validate_url, texts);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(mail_addresses),
        cmocka_unit_test(mail_lengths),
        cmocka_unit_test(urls_with_a_scheme),
        cmocka_unit_test(urls_without_a_scheme),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
