"""What a file is, by its first octets: gzip, JSON, or an e-mail."""

import re

GZIP = b"\x1f\x8b"
BOMS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
SPACE = b" \t\r\n"
SNIFFED = 65_536
_MAIL = re.compile(rb"(?:From [^\n]*\n)?(?:[!-9;-~]{1,100}:[^\n]*\n(?:[ \t][^\n]*\n){0,200}){2}")


def looks_like_document(begins: bytes) -> bool:
    """Say whether it is JSON, an object or an array, or packed."""
    return begins.startswith((GZIP, *BOMS)) or begins.lstrip(SPACE)[:1] in (b"{", b"[")


def looks_like_mail(begins: bytes) -> bool:
    """Say whether it begins with two header fields (RFC 5322 2.2)."""
    return _MAIL.match(begins[:SNIFFED].replace(b"\r\n", b"\n")) is not None


def looks_like_report(begins: bytes) -> bool:
    """Say whether a report may be in it."""
    return looks_like_document(begins) or looks_like_mail(begins)
