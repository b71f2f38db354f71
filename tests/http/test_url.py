import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxwalk.http.url import BadUrl, Scheme, Url, follow, read_url
from mxwalk.limits import HTTP_URL_CHARS


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("http://pki.example.net/ca.crl", Url(Scheme.HTTP, "pki.example.net", 80, "/ca.crl")),
        ("HTTP://PKI.Example.NET/Ca.Crl", Url(Scheme.HTTP, "pki.example.net", 80, "/Ca.Crl")),
        ("https://pki.example.net", Url(Scheme.HTTPS, "pki.example.net", 443, "/")),
        ("http://pki.example.net?a=b", Url(Scheme.HTTP, "pki.example.net", 80, "/?a=b")),
        ("http://pki.example.net:8080/", Url(Scheme.HTTP, "pki.example.net", 8080, "/")),
        ("http://pki.example.net:/", Url(Scheme.HTTP, "pki.example.net", 80, "/")),
        ("http://pki.example.net./x", Url(Scheme.HTTP, "pki.example.net", 80, "/x")),
        ("http://192.0.2.80/x", Url(Scheme.HTTP, "192.0.2.80", 80, "/x")),
        ("http://[2001:DB8::1]:81/x", Url(Scheme.HTTP, "2001:db8::1", 81, "/x")),
        ("http://pki.example.net/a%2Fb/../c;d='e'?f=g/h#i",
         Url(Scheme.HTTP, "pki.example.net", 80, "/a%2Fb/../c;d='e'?f=g/h")),
        ("http://pki.example.net#/evil", Url(Scheme.HTTP, "pki.example.net", 80, "/")),
        ("http://xn--mnchen-3ya.example/", Url(Scheme.HTTP, "xn--mnchen-3ya.example", 80, "/")),
        ("http://pki.example.net/a@b:c", Url(Scheme.HTTP, "pki.example.net", 80, "/a@b:c")),
    ],
)  # fmt: skip
def test_a_url_is_read_with_path_and_query_as_they_stand(text, expected):
    assert read_url(text) == expected


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "no absolute URL"),
        ("pki.example.net/ca.crl", "no absolute URL"),
        ("//pki.example.net/", "no absolute URL"),
        ("ldap://pki.example.net/cn=ca", "not ldap"),
        ("file:///etc/passwd", "not file"),
        ("javascript:alert(1)", "not javascript"),
        ("http:/pki.example.net/", "names no host"),
        ("http:///x", "names no host"),
        ("http://:80/", "names no host"),
        ("http://user@pki.example.net/", "user name"),
        ("http://user:secret@pki.example.net/", "user name"),
        ("http://pki.example.net\\@192.0.2.1/", "user name"),
        ("http://pki.example.net\\.evil.example/", "not made of letters"),
        ("http://pki.example.net/a b", "does not belong"),
        ("http://pki.example.net/a\r\nHost: evil.example", "does not belong"),
        ("http://pki.example.net/\0", "does not belong"),
        ("http://pki.example.net/\x7f", "does not belong"),
        ("http://pki.example.net/é", "does not belong"),
        ("http://münchen.example/", "does not belong"),
        (" http://pki.example.net/", "does not belong"),
        ("http://pki.example.net:0/", "is no port"),
        ("http://pki.example.net:65536/", "is no port"),
        ("http://pki.example.net:8o/", "is no port"),
        ("http://pki.example.net:+80/", "is no port"),
        ("http://pki.example.net:80:80/", "is no port"),
        ("http://[2001:db8::1/", "brackets"),
        ("http://[2001:db8::1]x/", "brackets"),
        ("http://[192.0.2.1]/", "brackets"),
        ("http://[fe80::1%25eth0]/", "zone"),
        ("http://[fe80::1%eth0]/", "zone"),
        ("http://2001:db8::1/", "ends in a number"),
        ("http://127.1/", "ends in a number"),
        ("http://2130706433/", "ends in a number"),
        ("http://0x7f.0x1/", "ends in a number"),
        ("http://0177.0.0.1/", "ends in a number"),
        ("http://pki..example.net/", "empty label"),
        ("http://pki.example.net../", "empty label"),
        ("http://-pki.example.net/", "not made of letters"),
        ("http://pki%2eexample.net/", "not made of letters"),
        (f"http://{'a' * 64}.example/", "longer than 63"),
        ("http://pki.example.net/" + "a" * HTTP_URL_CHARS, "characters"),
    ],
)  # fmt: skip
def test_what_is_not_fetched_is_told_why(text, why):
    read = read_url(text)
    assert isinstance(read, BadUrl)
    assert why in read.problem
    assert read.problem.isprintable()
    assert len(read.problem) < 800


@given(
    st.text(max_size=300) | st.text(alphabet=string.printable, max_size=100).map("http://".__add__)
)
def test_any_text_is_a_url_or_a_sentence(text):
    read = read_url(text)
    if isinstance(read, BadUrl):
        assert read.problem.isprintable()
    else:
        assert read_url(str(read)) == read
        assert all("!" <= char <= "~" for char in str(read))


_LABEL = st.from_regex(r"[a-z]([a-z0-9-]{0,10}[a-z0-9])?", fullmatch=True)


@given(
    st.sampled_from(Scheme),
    st.lists(_LABEL, min_size=1, max_size=4).map(".".join),
    st.integers(1, 65_535),
    st.text(alphabet=string.ascii_letters + string.digits + "/%?&=;:@!$'()*+,-._~", max_size=60),
)
def test_what_is_well_formed_is_kept_to_the_byte(scheme, host, port, rest):
    url = read_url(f"{scheme.value}://{host}:{port}/{rest}")
    assert url == Url(scheme, host, port, f"/{rest}")
    assert isinstance(url, Url)
    assert read_url(str(url)) == url


BASE = Url(Scheme.HTTP, "pki.example.net", 8080, "/crl/ca.crl?x")


@pytest.mark.parametrize(
    ("location", "expected"),
    [
        ("https://other.example/x", "https://other.example/x"),
        ("//other.example/x", "http://other.example/x"),
        ("/other.crl", "http://pki.example.net:8080/other.crl"),
        ("other.crl?y", "http://pki.example.net:8080/crl/other.crl?y"),
        ("../other.crl", "http://pki.example.net:8080/other.crl"),
        ("?y", "http://pki.example.net:8080/crl/ca.crl?y"),
    ],
)
def test_a_location_may_be_relative(location, expected):
    assert str(follow(BASE, location)) == expected


@pytest.mark.parametrize(
    "location",
    ["ftp://other.example/", "http://[::1", "http://a@b/", "/a b", "\r\nX: y", "http://"],
)
def test_a_location_that_cannot_be_followed_is_told_why(location):
    assert isinstance(follow(BASE, location), BadUrl)


@given(st.text(max_size=100))
def test_any_location_is_a_url_or_a_sentence(location):
    read = follow(BASE, location)
    assert isinstance(read, Url) or read.problem.isprintable()
