"""The list of sender profiles."""

import pytest

from mxwalk.errors import UsageError
from mxwalk.senders.registry import profile, profiles


def test_the_six_settings_are_listed_in_order_with_label_and_source() -> None:
    assert [(p.id, p.label) for p in profiles()[:6]] == [
        ("esa:1", "ESA 1 No"),
        ("esa:2", "ESA 2 Preferred"),
        ("esa:3", "ESA 3 Required"),
        ("esa:4", "ESA 4 Preferred - Verify"),
        ("esa:5", "ESA 5 Required - Verify"),
        ("esa:6", "ESA 6 Required - Verify Hosted Domains"),
    ]
    assert all("AsyncOS" in p.source for p in profiles()[:6])


def test_every_sender_has_an_id_of_its_own_a_label_and_a_source() -> None:
    ids = [p.id for p in profiles()]
    assert ids[6:] == [
        "exchange-online",
        "mta-sts",
        "rfc7672",
        "postfix:none",
        "postfix:may",
        "postfix:encrypt",
        "postfix:dane",
        "postfix:dane-only",
        "postfix:fingerprint",
        "postfix:verify",
        "postfix:secure",
        "exim:try-dane",
        "exim:require-dane",
    ]
    assert len(set(ids)) == len(ids)
    assert all(p.label and p.source for p in profiles())


def test_a_profile_is_found_by_its_id_without_regard_to_case() -> None:
    assert profile("ESA:5 ").id == "esa:5"


def test_an_unknown_id_is_refused_with_the_known_ones() -> None:
    with pytest.raises(UsageError, match=r"esa:7.*known are esa:1, .*esa:6"):
        profile("esa:7")
    with pytest.raises(UsageError) as caught:
        profile("\x1b[31m")
    assert str(caught.value).isprintable()
