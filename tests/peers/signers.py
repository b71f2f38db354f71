"""Three programs that sign a zone: ldns-signzone, BIND's dnssec-signzone and Knot's kzonesign.

Each makes its own key and its own DS, and writes the zone with a record to a line, so that what is
broken afterwards (``signed_zones``) is broken in the same way whoever signed.
"""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.peers.servers import run

DAY = 86_400
NSEC, NSEC3, OPT_OUT = "nsec", "nsec3", "opt-out"


@dataclass(frozen=True)
class Terms:
    """How a zone is to be signed; begin and end in seconds from now."""

    algorithm: str = "ECDSAP256SHA256"
    denial: str = NSEC
    begins: int = -DAY
    ends: int = 20 * DAY


@dataclass(frozen=True)
class Signed:
    """A signed zone, the DS records of its key as lines, and its key as a DNSKEY line."""

    text: str
    ds: str
    dnskey: str


Signer = Callable[[Path, str, str, Terms], Signed]


def _moment(offset: int) -> str:
    return time.strftime("%Y%m%d%H%M%S", time.gmtime(time.time() + offset))


def _bits(algorithm: str) -> tuple[str, ...]:
    return ("-b", "2048") if algorithm.startswith("RSA") else ()


def _file(origin: str) -> str:
    return "root" if origin == "." else origin


def with_ldns(where: Path, origin: str, text: str, terms: Terms) -> Signed:
    """Sign with ldns-signzone."""
    file = _file(origin)
    (where / f"{file}.zone").write_text(text)
    key = run(
        "ldns-keygen", "-a", terms.algorithm, *_bits(terms.algorithm), "-k", origin, cwd=where
    ).strip()
    denial = {NSEC: (), NSEC3: ("-n", "-t", "0"), OPT_OUT: ("-n", "-t", "0", "-p")}[terms.denial]
    run("ldns-signzone", "-o", origin, "-i", _moment(terms.begins), "-e", _moment(terms.ends),
        *denial, "-f", f"{file}.signed", f"{file}.zone", key, cwd=where)  # fmt: skip
    return Signed(
        (where / f"{file}.signed").read_text(),
        (where / f"{key}.ds").read_text(),
        (where / f"{key}.key").read_text(),
    )


def with_bind(where: Path, origin: str, text: str, terms: Terms) -> Signed:
    """Sign with dnssec-signzone; it takes the key's record from the zone."""
    file = _file(origin)
    key = run("dnssec-keygen", "-q", "-a", terms.algorithm, *_bits(terms.algorithm), "-f", "KSK",
              "-K", where, origin, cwd=where).strip()  # fmt: skip
    dnskey = (where / f"{key}.key").read_text()
    (where / f"{file}.zone").write_text(text + dnskey)
    salt = ("-3", "-", "-H", "0")
    denial = {NSEC: (), NSEC3: salt, OPT_OUT: (*salt, "-A")}[terms.denial]
    run("dnssec-signzone", "-q", "-P", "-z", "-O", "full", "-o", origin, "-d", where,
        "-s", _moment(terms.begins), "-e", _moment(terms.ends), *denial,
        "-f", f"{file}.signed", f"{file}.zone", key, cwd=where)  # fmt: skip
    ds = run("dnssec-dsfromkey", "-2", f"{key}.key", cwd=where)
    return Signed((where / f"{file}.signed").read_text(), ds, dnskey)


_KNOT = """\
database:
  storage: {where}
policy:
  - id: own
    manual: on
    single-type-signing: on
    rrsig-lifetime: {lifetime}
    rrsig-refresh: 2d
    rrsig-pre-refresh: 0
    nsec3: {nsec3}
    nsec3-iterations: 0
    nsec3-salt-length: 0
    nsec3-opt-out: {opt_out}
zone:
  - domain: {origin}
    storage: {where}
    file: {file}.zone
    dnssec-signing: on
    dnssec-policy: own
"""


def with_knot(where: Path, origin: str, text: str, terms: Terms) -> Signed:
    """Sign with kzonesign, as it would have done at the time the signatures begin."""
    file, at = _file(origin), int(time.time()) + terms.begins
    here = where / f"{file}.knot"
    here.mkdir()
    (here / f"{file}.zone").write_text(text)
    (here / "conf").write_text(
        _KNOT.format(
            where=here, file=file, origin=origin, lifetime=terms.ends - terms.begins,
            nsec3="on" if terms.denial in (NSEC3, OPT_OUT) else "off",
            opt_out="on" if terms.denial == OPT_OUT else "off",
        )
    )  # fmt: skip
    times = [f"{word}={at - 7200}" for word in ("created", "publish", "ready", "active")]
    size = ("size=2048",) if terms.algorithm.startswith("RSA") else ()
    keymgr = ("keymgr", "-c", here / "conf", origin)
    run(*keymgr, "generate", f"algorithm={terms.algorithm.lower()}", "ksk=yes", "zsk=yes", *size,
        *times, cwd=here)  # fmt: skip
    (here / "out").mkdir()
    run("kzonesign", "-c", here / "conf", "-o", here / "out", "-t", str(at), origin, cwd=here)
    signed = next((here / "out").iterdir()).read_text()
    ds = "".join(
        line + "\n"
        for line in run(*keymgr, "ds", cwd=here).splitlines()
        if re.search(r"\sDS\s+\d+\s+\d+\s+2\s", line)
    )
    dnskey = run(*keymgr, "dnskey", cwd=here).strip() + "\n"
    return Signed(signed, ds, dnskey)


SIGNERS: dict[str, Signer] = {"ldns": with_ldns, "bind": with_bind, "knot": with_knot}
