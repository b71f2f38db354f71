"""Whether a file may be a TLS report, by its first octets."""

from mxwalk.reportfiles.sniffing import BOMS, GZIP, SPACE, looks_like_mail


def looks_like_document(begins: bytes) -> bool:
    """Say whether it is JSON, an object or an array, or packed."""
    return begins.startswith((GZIP, *BOMS)) or begins.lstrip(SPACE)[:1] in (b"{", b"[")


def looks_like_report(begins: bytes) -> bool:
    """Say whether a report may be in it."""
    return looks_like_document(begins) or looks_like_mail(begins)
