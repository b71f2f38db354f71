"""A record put right: what was meant, written as RFC 9989 4.7 wants it."""

import re
from difflib import get_close_matches

from mxwalk.mailauth.dmarc.meanings import CURRENT, FAILURE_OPTIONS, MODES, POLICIES
from mxwalk.mailauth.dmarc.model import Record
from mxwalk.mailauth.dmarc.uris import read_uris
from mxwalk.mailauth.tags import read_tags

# "v=DMARC1 p=none" was meant with semicolons
_UNPARTED = re.compile(r"(?<=[A-Za-z0-9])[ \t,]+(?=[A-Za-z]{1,5}[ \t]*=)")
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$&'*+/=?^_`{|}~-]+@[A-Za-z0-9._-]+")
_ORDER = ("p", "sp", "np", "adkim", "aspf", "fo", "rua", "ruf", "psd", "t")


def fixed(record: Record, **changes: str) -> str:
    """Return the record put right, with the tags of ``changes`` set (an empty value drops one).

    Values nobody can guess at are left out; a ``p`` that cannot be read becomes ``none``, which asks
    for nothing.  ``pct=0`` becomes ``t=y`` (RFC 9989 A.6).
    """
    values = _values(record.tags.text)
    meant = {name: _value(name, values[name]) for name in _ORDER if name in values}
    if values.get("pct") == "0" and "t" not in meant:
        meant["t"] = "y"
    meant["p"] = meant.get("p") or "none"
    if not meant.get("ruf"):
        meant.pop("fo", None)  # RFC 9989 4.7, fo: ignored without ruf
    meant.update(changes)
    tags = (f"{name}={meant[name]}" for name in _ORDER if meant.get(name))
    return "; ".join(("v=DMARC1", *tags))


def _values(text: str) -> dict[str, str]:
    """Return the first value of every tag, by its name in lower case."""
    tags = read_tags(_UNPARTED.sub("; ", text).encode("latin-1", "replace"))
    values: dict[str, str] = {}
    for tag in tags.tags:
        if tag.name.lower() in (*CURRENT, "pct"):
            values.setdefault(tag.name.lower(), tag.value)
    return values


def _value(name: str, value: str) -> str:
    low = value.lower().strip("\"' \t\r\n")
    match name:
        case "p" | "sp" | "np":
            return next(iter(get_close_matches(low, POLICIES, n=1, cutoff=0.7)), "")
        case "adkim" | "aspf":
            return low[:1] if low[:1] in MODES else ""
        case "fo":
            options = [one.strip() for one in re.split("[:,;]", low)]
            return ":".join(dict.fromkeys(one for one in options if one in FAILURE_OPTIONS))
        case "rua" | "ruf":
            return ",".join(dict.fromkeys(filter(None, map(_uri, value.split(",")))))
        case "psd":
            return low if low in ("y", "n") else ""
        case _:
            return low if low == "y" else ""


def _uri(written: str) -> str:
    plain = written.strip(" \t\r\n")
    if _ADDRESS.fullmatch(plain):
        plain = f"mailto:{plain}"
    (uri,) = read_uris("rua", plain)
    # RFC 9989 C.4: the size limit is gone
    return "" if uri.problem else re.sub(r"![0-9]+[kmgtKMGT]?$", "", plain)
