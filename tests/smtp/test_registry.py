"""The registry of EHLO keywords."""

import re

from mxwalk.smtp.ehlo_words import KEYWORD
from mxwalk.smtp.registry import EXTENSIONS, UNREGISTERED, explain_keyword

_WITHOUT_RFC = {"VERB", "ONEX"}  # registered, but described in no RFC


def test_every_registered_keyword_is_there() -> None:
    assert len(EXTENSIONS) == 34
    assert set(EXTENSIONS) >= {
        "SEND", "SOML", "SAML", "EXPN", "HELP", "TURN", "8BITMIME", "SIZE", "VERB", "ONEX", "CHUNKING",
        "BINARYMIME", "CHECKPOINT", "DELIVERBY", "PIPELINING", "DSN", "ETRN", "ENHANCEDSTATUSCODES",
        "STARTTLS", "NO-SOLICITING", "MTRK", "SUBMITTER", "ATRN", "AUTH", "FUTURERELEASE", "BURL",
        "CONPERM", "CONNEG", "SMTPUTF8", "UTF8SMTP", "MT-PRIORITY", "RRVS", "REQUIRETLS", "LIMITS",
    }  # fmt: skip


def test_every_entry_has_a_reference_and_one_sentence() -> None:
    for keyword, entry in {**EXTENSIONS, **UNREGISTERED}.items():
        assert entry.keyword == keyword == keyword.upper()
        assert KEYWORD.fullmatch(keyword)
        assert entry.reference
        assert re.fullmatch(r"[A-Z][^\n]{20,90}\.", entry.meaning), entry
        assert entry.meaning.count(". ") == 0
        if entry.registered and keyword not in _WITHOUT_RFC:
            assert re.fullmatch(r"RFC [1-9][0-9]{2,3}", entry.reference)


def test_no_registered_keyword_begins_with_x() -> None:  # RFC 5321 2.2.2
    assert not [keyword for keyword in EXTENSIONS if keyword.startswith("X")]
    assert EXTENSIONS.keys().isdisjoint(UNREGISTERED)
    assert all(entry.registered for entry in EXTENSIONS.values())
    assert not any(entry.registered for entry in UNREGISTERED.values())


def test_keywords_are_explained_in_any_case() -> None:
    starttls, exps = explain_keyword("StartTLS"), explain_keyword("x-exps")
    assert starttls is not None
    assert (starttls.reference, starttls.registered) == ("RFC 3207", True)
    assert exps is not None
    assert not exps.registered
    assert explain_keyword("mail.example.com") is None
