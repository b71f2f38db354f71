"""Zones signed by ldns-signzone, whole and broken, served by NSD and validated by Unbound."""

import contextlib
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.peers.servers import run, stop

AUTH, RECURSOR, PORT = "127.0.57.1", "127.0.57.53", 5395
DAY = 86_400
CONTENT = """\
@ MX 10 mx
mx A 192.0.2.1
mx AAAA 2001:db8::1
_25._tcp.mx TLSA 3 1 1 abababababababababababababababababababababababababababababababab
www A 192.0.2.2
www TXT "one" "two"
WWW2 A 192.0.2.22
alias CNAME www
away CNAME www.nsec.test.
out CNAME www.unsigned.test.
*.wild TXT "any"
*.wild MX 10 Mx.wild
alias-wild CNAME x.wild
deep.in.tree A 192.0.2.3
old DNAME nsec.test.
*.wc CNAME no.sub
*.wd CNAME x.sub
*.wn CNAME nothing.www
sub NS ns.sub
ns.sub A 127.0.57.1
"""
Edit = Callable[[str], str]


def drop(owner: str, rtype: str) -> Edit:
    """Remove the RRSIGs over a type at a name."""
    return lambda text: "".join(
        line
        for line in text.splitlines(keepends=True)
        if not re.match(rf"{re.escape(owner)}\.?\s+\d+\s+IN\s+RRSIG\s+{rtype}\s", line)
    )


def drop_of(owner: str, rtype: str, algorithm: int) -> Edit:
    """Remove the RRSIGs of one algorithm over a type at a name."""
    return lambda text: re.sub(
        rf"(?m)^{re.escape(owner)}\.\s+\d+\s+IN\s+RRSIG\s+{rtype} {algorithm} .*\n", "", text
    )


def without(owner: str, rtype: str) -> Edit:
    """Remove a record and the RRSIGs over it."""
    return lambda text: "".join(
        line
        for line in drop(owner, rtype)(text).splitlines(keepends=True)
        if not re.match(rf"{re.escape(owner)}\.?\s+\d+\s+IN\s+{rtype}\s", line)
    )


def change(old: str, new: str) -> Edit:
    """Change a record after it was signed."""

    def edit(text: str) -> str:
        assert old in text, old
        return text.replace(old, new)

    return edit


def thin(text: str) -> str:
    """Remove every second NSEC3 record with its RRSIG."""
    hashes = sorted(set(re.findall(r"(?m)^(\S+)\s+\d+\s+IN\s+NSEC3\s", text)))
    assert len(hashes) > 4
    for owner in hashes[::2]:
        text = without(owner.rstrip("."), "NSEC3")(text)
    return text


@dataclass(frozen=True)
class Zone:
    """A zone below test.: how it is signed and what is broken afterwards."""

    name: str
    algorithm: str = "ECDSAP256SHA256"
    sign: tuple[str, ...] = ()
    begins: int = -DAY
    ends: int = 20 * DAY
    edits: tuple[Edit, ...] = ()
    ds: str = "own"  # own, none, stale, both, digest, algorithm, sha1
    signed: bool = True
    split: bool = False
    second: str = ""  # a further algorithm the zone is signed with
    content: str = CONTENT


NSEC3 = ("-n", "-t", "0")
ZONES = (
    Zone("nsec"),
    Zone("split", "RSASHA256", split=True),
    Zone("nsec3", "RSASHA256", (*NSEC3, "-s", "abcd")),
    Zone("ed25519", "ED25519"),
    Zone("p384", "ECDSAP384SHA384", ("-n", "-t", "10")),
    Zone("rsasha512", "RSASHA512"),
    Zone("optout", "ED25519", (*NSEC3, "-p")),
    Zone("unsigned", signed=False, ds="none"),
    Zone("nods", ds="none"),
    Zone("nods3", sign=NSEC3, ds="none"),
    Zone("expired", begins=-30 * DAY, ends=-5 * DAY),
    Zone("notyet", begins=5 * DAY, ends=30 * DAY),
    Zone("stale", ds="stale"),
    Zone("both", ds="both"),
    Zone("digest", ds="digest"),
    Zone("algorithm", ds="algorithm"),
    Zone("iterations", sign=("-n", "-t", "500")),
    Zone("nosig", edits=(drop("www.nosig.test", "A"), drop("mx.nosig.test", "AAAA"))),
    Zone("nosig3", sign=NSEC3, edits=(drop("www.nosig3.test", "A"),)),
    Zone("nokeysig", edits=(drop("nokeysig.test", "DNSKEY"),)),
    Zone("nokeys", edits=(without("nokeys.test", "DNSKEY"),)),
    Zone("changed", edits=(change("192.0.2.2\n", "192.0.2.250\n"), change('"any"', '"other"'))),
    Zone(
        "gap",
        edits=(
            without("in.tree.gap.test", "NSEC"),
            without("mx.gap.test", "NSEC"),
            without("alias.gap.test", "NSEC"),
            without("*.wild.gap.test", "NSEC"),
        ),
    ),
    Zone("gap3", sign=NSEC3, edits=(thin,)),
    Zone("twice", "RSASHA256", second="ECDSAP256SHA256"),
    Zone("twicesig", "RSASHA256", second="ED25519", edits=(drop_of("www.twicesig.test", "A", 8),)),
    Zone("changedmx", edits=(change("192.0.2.1\n", "192.0.2.111\n"),)),
    Zone("badsoa", edits=(drop("badsoa.test", "SOA"),)),
    Zone("unsignednsec", edits=tuple(drop(f"{n}unsignednsec.test", "NSEC") for n in ("", "mx.", "www.", "*.wild."))),
    Zone("wrongkey"),
)  # fmt: skip
OWNERS = (
    ("@", "MX"), ("@", "TXT"), ("mx", "A"), ("mx", "AAAA"), ("_25._tcp.mx", "TLSA"),
    ("_tcp.mx", "TLSA"), ("www", "A"), ("www", "MX"), ("www2", "A"), ("alias", "A"), ("away", "A"),
    ("out", "A"), ("x.wild", "TXT"), ("x.y.wild", "MX"), ("x.wild", "A"), ("alias-wild", "TXT"),
    ("in.tree", "A"), ("no", "A"), ("a.b.c.no", "A"), ("www.old", "A"), ("no.old", "A"),
    ("sub", "DS"), ("x.sub", "A"), ("no.sub", "A"), ("x.sub", "TXT"), ("sub", "MX"),
    ("x.wc", "A"), ("x.wd", "A"), ("x.wn", "A"), ("alias", "CNAME"),
    ("x.wc", "CNAME"), ("www", "CNAME"), ("old", "DNAME"), ("x.www", "CNAME"), ("@", "DS"), ("@", "DNSKEY"),
)  # fmt: skip
FURTHER = (
    (".", "DNSKEY"), (".", "DS"), ("test", "DNSKEY"), ("test", "DS"), ("test", "MX"),
    ("nosuch.test", "A"), ("nosuch", "A"), ("a.nosuch", "MX"),
)  # fmt: skip


def questions() -> list[tuple[str, str]]:
    """Return every owner of every zone, and what lies above."""
    below = [
        (f"{zone.name}.test" if owner == "@" else f"{owner}.{zone.name}.test", rtype)
        for zone in ZONES
        for owner, rtype in OWNERS
    ]
    return [*FURTHER, *below]


def _moment(offset: int) -> str:
    return time.strftime("%Y%m%d%H%M%S", time.gmtime(time.time() + offset))


def _keys(where: Path, origin: str, zone: Zone) -> list[str]:
    bits = ("-b", "2048") if zone.algorithm.startswith("RSA") else ()
    made = [run("ldns-keygen", "-a", zone.algorithm, *bits, "-k", origin, cwd=where).strip()]
    if zone.second:
        made.append(run("ldns-keygen", "-a", zone.second, "-k", origin, cwd=where).strip())
    if zone.split:
        made.append(run("ldns-keygen", "-a", zone.algorithm, *bits, origin, cwd=where).strip())
    return made


def _sign(where: Path, origin: str, zone: Zone, keys: list[str], text: str) -> str:
    (where / f"{zone.name}.zone").write_text(text)
    run("ldns-signzone", "-o", origin, "-i", _moment(zone.begins), "-e", _moment(zone.ends),
        *zone.sign, "-f", f"{zone.name}.signed", f"{zone.name}.zone", *keys, cwd=where)  # fmt: skip
    return (where / f"{zone.name}.signed").read_text()


def _head(origin: str) -> str:
    dotted = "." if origin == "." else f"{origin}."
    return (
        f"$ORIGIN {dotted}\n$TTL 60\n@ SOA ns.test. host.test. 1 3600 600 86400 30\n@ NS ns.test.\n"
    )


def _make(where: Path, zone: Zone) -> str:
    """Write the signed zone and return its DS lines for the parent."""
    origin = f"{zone.name}.test"
    text = _head(origin) + zone.content
    if not zone.signed:
        (where / f"{zone.name}.signed").write_text(text)
        return ""
    keys = _keys(where, origin, zone)
    signed = _sign(where, origin, zone, keys, text)
    for edit in zone.edits:
        signed = edit(signed)
    if zone.name == "wrongkey":  # www is signed by a key that never was in the DNSKEY set
        other = _sign(where, origin, Zone("foreign"), _keys(where, origin, zone), text)
        pattern = rf"(?m)^www\.{origin}\.\s+\d+\s+IN\s+RRSIG\s+A\s.*$"
        found = re.search(pattern, other)
        assert found
        signed = re.sub(pattern, lambda _: found[0], signed)
    (where / f"{zone.name}.signed").write_text(signed)
    own = (where / f"{keys[0]}.ds").read_text()
    stale = (where / f"{_keys(where, origin, zone)[0]}.ds").read_text()
    words = own.split()
    at = words.index("DS")
    return {
        "own": own,
        "none": "",
        "stale": stale,
        "both": own + stale,
        "digest": " ".join([*words[: at + 3], "99", *words[at + 4 :]]) + "\n",
        "algorithm": " ".join([*words[: at + 2], "253", *words[at + 3 :]]) + "\n",
    }[zone.ds]


def build(where: Path) -> tuple[list[str], str]:
    """Make all zones; return their origins and the root's anchor as a DNSKEY line."""
    delegations = ""
    for zone in ZONES:
        delegations += f"{zone.name} NS ns\n" + _make(where, zone)
    origins = [f"{zone.name}.test" for zone in ZONES]
    tld = Zone("test", sign=NSEC3)
    tld_keys = _keys(where, "test", tld)
    _sign(where, "test", tld, tld_keys, _head("test") + f"ns A {AUTH}\n" + delegations)
    root = Zone("root", "RSASHA256", split=True)
    root_keys = _keys(where, ".", root)
    ds = (where / f"{tld_keys[0]}.ds").read_text()
    _sign(
        where, ".", root, root_keys, _head(".") + "test NS ns.test.\n" + f"ns.test A {AUTH}\n" + ds
    )
    return [*origins, "test", "."], (where / f"{root_keys[0]}.key").read_text()


@contextlib.contextmanager
def validating(where: Path) -> Iterator[tuple[tuple[str, int], str]]:
    """Run NSD and Unbound; yield where Unbound answers and the anchor it has."""
    where.chmod(0o755)
    origins, anchor = build(where)
    (where / "anchor").write_text(anchor)
    files = {".": "root", "test": "test"} | {o: o.removesuffix(".test") for o in origins[:-2]}
    subs = [f"sub.{origin}" for origin in origins[:-2]]
    (where / "nsd.conf").write_text(
        f'server:\n ip-address: {AUTH}@{PORT}\n username: ""\n zonesdir: "{where}"\n'
        f' database: ""\n pidfile: "{where}/nsd.pid"\n xfrdfile: "{where}/xfrd"\n'
        f' zonelistfile: "{where}/zones"\n server-count: 1\n rrl-ratelimit: 0\n'
        "remote-control:\n control-enable: no\n"
        + "".join(f'zone:\n name: "{o}"\n zonefile: "{files[o]}.signed"\n' for o in origins)
        + "".join(f'zone:\n name: "{o}"\n zonefile: "{o}.plain"\n' for o in subs)
    )
    for sub in subs:
        (where / f"{sub}.plain").write_text(_head(sub) + "x A 192.0.2.9\n")
    (where / "unbound.conf").write_text(
        f'server:\n directory: "{where}"\n chroot: ""\n username: ""\n pidfile: "{where}/unbound.pid"\n'
        f' use-syslog: no\n logfile: "{where}/unbound.log"\n interface: {RECURSOR}@{PORT}\n'
        " access-control: 127.0.0.0/8 allow\n do-ip6: no\n do-not-query-localhost: no\n ede: yes\n"
        f' outgoing-interface: {RECURSOR}\n local-zone: "test." nodefault\n val-log-level: 2\n'
        " aggressive-nsec: no\n qname-minimisation: no\n val-clean-additional: yes\n"
        f' trust-anchor-file: "{where}/anchor"\nremote-control:\n control-enable: no\n'
        + "".join(
            f'stub-zone:\n name: "{o}"\n stub-addr: {AUTH}@{PORT}\n' for o in [*origins, *subs]
        )
    )
    try:
        run("nsd", "-c", "nsd.conf", cwd=where)
        run("unbound", "-c", "unbound.conf", cwd=where)
        yield (RECURSOR, PORT), anchor
    finally:
        for pidfile in ("unbound.pid", "nsd.pid"):
            stop(where / pidfile)
