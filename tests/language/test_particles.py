"""Korean particles after values."""

import pytest

from mxwalk.language import say, speaking
from mxwalk.particles import with_particles


@pytest.mark.parametrize(
    ("template", "value", "expected"),
    [
        ("{x}이(가) 있음", "정책", "정책이 있음"),
        ("{x}이(가) 있음", "호스트", "호스트가 있음"),
        ("{x}은(는)", "메일", "메일은"),
        ("{x}을(를)", "레코드", "레코드를"),
        ("{x}과(와)", "응답", "응답과"),
        ("{x}와(과)", "서버", "서버와"),
        ("{x}(으)로", "정책", "정책으로"),
        ("{x}(으)로", "메일", "메일로"),
        ("{x}(으)로", "서버", "서버로"),
        ("{x}(이)라는", "서버", "서버라는"),
        ("{x}(이)라는", "메일", "메일이라는"),
        ("{x}이(가)", 10, "10이"),
        ("{x}이(가)", 2, "2가"),
        ("{x}(으)로", 1, "1로"),
        ("{x}(으)로", 6, "6으로"),
        ("{x}은(는)", "TLS", "TLS는"),
        ("{x}은(는)", "SPF", "SPF는"),
        ("{x}은(는)", "DKIM", "DKIM은"),
        ("{x}(으)로", "SSL", "SSL로"),
        ("{x}은(는)", "PTR", "PTR은"),
        ("{x}이(가)", "mx1.example.com", "mx1.example.com이"),
        ("{x}이(가)", "mx1.example.net", "mx1.example.net이"),
        ("{x}이(가)", "mx1.example.org", "mx1.example.org가"),
        ("{x}이(가)", "server", "server가"),
        ("'{x}'을(를)", "tls", "'tls'를"),
        ("{x}(키워드)이(가)", "SIZE", "SIZE(키워드)가"),
        ("{x}을(를)", "reset(104)", "reset(104)를"),
        ("{x}이(가)", "", "이(가)"),
        ("{x}이(가)", "例", "例이(가)"),
        ("{x}", "이(가)", "이(가)"),
        ("{x}을(를)", "a 이(가)", "a 이(가)를"),
        ("{x:>4}이(가) {{n}}", 3, "   3이 {n}"),
        ("{x!r}은(는)", "tls", "'tls'는"),
    ],
)
def test_a_particle_follows_the_sound_before_it_and_a_value_is_left_as_it_is(
    template, value, expected
):
    assert with_particles(template, {"x": value}) == expected


def test_only_korean_has_particles():
    assert say("{x}이(가)", x="TLS") == "TLS이(가)"
    with speaking("ko"):
        assert say("{x}이(가)", x="TLS") == "TLS가"
