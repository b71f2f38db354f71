r"""TXT records between their presentation form and the octets they hold (RFC 1035 3.3.14, 5.1).

``"v=STSv1; " "id=1\;"`` holds two character-strings; a backslash makes the next character plain, or
gives an octet as three decimal digits.  Total: what is no TXT record yields what can be read of it.
"""

from mxwalk.evidence.dns import DnsAnswer

_UNREADABLE = r"\# "  # RFC 3597 5: data of a record that could not be read


def txt_strings(record: str) -> tuple[bytes, ...]:
    """Return the character-strings of a TXT record in presentation form, as octets."""
    if record.startswith(_UNREADABLE):
        return ()
    found: list[bytes] = []
    at = 0
    while at < len(record):
        if record[at].isspace():
            at += 1
            continue
        quoted = record[at] == '"'
        octets, at = _one(record, at + quoted, quoted=quoted)
        found.append(octets)
    return tuple(found)


def txt_octets(record: str) -> bytes:
    """Return the strings joined without anything between them (RFC 8461 3.1, RFC 8460 3)."""
    return b"".join(txt_strings(record))


def txt_records(answer: DnsAnswer) -> tuple[tuple[bytes, ...], ...]:
    """Return the character-strings of every TXT record at the end of the answer's CNAME chain."""
    return tuple(txt_strings(record) for record in answer.records("TXT"))


def txt_line(name: str, octets: bytes) -> str:
    """Return the zone line of a TXT record; long content is split into strings of 255 octets."""
    parts = [octets[at : at + 255] for at in range(0, len(octets), 255)] or [b""]
    return f"{name}. IN TXT {' '.join(_quoted(part) for part in parts)}"


def _quoted(octets: bytes) -> str:
    plain = octets.replace(b"\\", b"\\\\").replace(b'"', b'\\"')
    text = "".join(chr(one) if 0x20 <= one < 0x7F else f"\\{one:03d}" for one in plain)
    return f'"{text}"'


def _one(record: str, at: int, *, quoted: bool) -> tuple[bytes, int]:
    octets = bytearray()
    while at < len(record):
        char = record[at]
        if (quoted and char == '"') or (not quoted and char.isspace()):
            return bytes(octets), at + 1
        if char != "\\":
            octets += char.encode(
                "utf-8", "surrogateescape" if "\udc80" <= char <= "\udcff" else "replace"
            )
            at += 1
            continue
        digits = record[at + 1 : at + 4]
        if len(digits) == 3 and digits.isascii() and digits.isdecimal() and int(digits) < 256:
            octets.append(int(digits))
            at += 4
        else:
            octets += record[at + 1 : at + 2].encode("utf-8", "replace")
            at += 2
    return bytes(octets), at
