"""Whether a file may be a DMARC aggregate report, by its first octets."""

import re

from mxwalk.reportfiles.sniffing import BOMS, GZIP, SPACE, ZIP, looks_like_mail

_UTF_16 = (b"\xff\xfe", b"\xfe\xff", b"<\0", b"\0<")
_DECLARED = re.compile(rb"<\?xml[^>]{0,200}encoding\s*=\s*[\"']([A-Za-z0-9._-]{1,40})[\"']")


def looks_like_document(begins: bytes) -> bool:
    """Say whether it is XML, or packed."""
    return begins.startswith((GZIP, ZIP)) or looks_like_xml(begins)


def looks_like_xml(begins: bytes) -> bool:
    """Say whether it begins as an XML document, in UTF-8 or UTF-16."""
    for bom in BOMS:
        if begins.startswith(bom):
            begins = begins[len(bom) :]
            break
    plain = begins[:200].replace(b"\0", b"").lstrip(SPACE)
    return plain[:1] == b"<" and plain[1:2] not in b"<>= \t\r\n"


def looks_like_report(begins: bytes) -> bool:
    """Say whether a report may be in it."""
    return looks_like_document(begins) or looks_like_mail(begins)


def other_encoding(begins: bytes) -> str:
    """Return the name of an encoding that is not UTF-8; empty for UTF-8."""
    if begins.startswith(_UTF_16):
        return "UTF-16"
    found = _DECLARED.search(begins[:400])
    name = found.group(1).decode("ascii") if found else ""
    return "" if name.lower() in ("", "utf-8", "utf8", "us-ascii") else name
