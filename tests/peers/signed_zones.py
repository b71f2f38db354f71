"""One tree of zones three times over: the same situations signed by ldns, BIND and Knot.

Below ``test`` each signer has a zone of its own (``ldns.test``), and below that one zone for each
situation (``expired.bind.test``).  Each question has the status that the way the zone was made asks
for (RFC 4035 5), whoever signed.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from mxwalk.dnssec.model import Status
from tests.peers.signers import DAY, NSEC3, OPT_OUT, SIGNERS, Terms, with_ldns

S, I, B = Status.SECURE, Status.INSECURE, Status.BOGUS  # noqa: E741
AUTH = {"ldns": "127.0.58.1", "bind": "127.0.58.2", "knot": "127.0.58.3"}
ROOT_SERVER = "ldns.example."  # a name of the root zone's own: kresd asks for it before all else
CONTENT = """\
@ MX 10 mx
mx A 192.0.2.1
_25._tcp.mx TLSA 3 1 1 abababababababababababababababababababababababababababababababab
www A 192.0.2.2
alias CNAME www
away CNAME www.unsigned.{signer}.test.
broken CNAME www.expired.{signer}.test.
*.wild A 192.0.2.3
*.wild-alias CNAME www
alias-wild CNAME x.wild
"""
ORDINARY = Terms()
Edit = Callable[[str, str], str]
Ask = tuple[str, str, Status]


def _fields(line: str) -> tuple[str, str, str]:
    """Return owner, type, and for an RRSIG the type it covers; empty for what is no record."""
    words = line.split()
    if not words or words[0].startswith((";", "$")):
        return "", "", ""
    at = 3 if words[2] == "IN" else 2
    covers = words[at + 1] if words[at] == "RRSIG" else ""
    return words[0].rstrip("."), words[at], covers


def unsign(label: str, rtype: str) -> Edit:
    """Remove the RRSIGs over a type at a name."""

    def edit(text: str, origin: str) -> str:
        owner = f"{label}.{origin}" if label else origin
        kept = [one for one in text.splitlines(True) if _fields(one) != (owner, "RRSIG", rtype)]
        assert len(kept) < len(text.splitlines()), (owner, rtype)
        return "".join(kept)

    return edit


def change(old: str, new: str) -> Edit:
    """Change a record after it was signed."""

    def edit(text: str, _: str) -> str:
        lines = text.splitlines(True)
        changed = [one.replace(old, new) if _fields(one)[1] == "A" else one for one in lines]
        assert changed != lines, old
        return "".join(changed)

    return edit


def without_denials(text: str, _: str) -> str:
    """Remove every NSEC and NSEC3 record but the apex's, with the RRSIGs over them.

    Of a zone without any named believes that it is not signed, and knotd aborts.
    """
    lines = text.splitlines(True)
    denials = ("NSEC", "NSEC3")
    kept = {
        _fields(one)[0] for one in lines if _fields(one)[1] in denials and "SOA" in one.split()
    }  # the type bitmap that has SOA is the apex's (RFC 4034 4.1.2, RFC 5155 3.2.1)
    assert len(kept) == 1

    def stays(line: str) -> bool:
        owner, rtype, covers = _fields(line)
        return owner in kept or (rtype not in denials and covers not in denials)

    return "".join(one for one in lines if stays(one))


@dataclass(frozen=True)
class Situation:
    """A zone: how it is signed, what is broken afterwards, what its parent says, what is asked."""

    name: str
    asks: tuple[Ask, ...]
    terms: Terms = ORDINARY
    edits: tuple[Edit, ...] = ()
    ds: str = "own"  # own, none, wrong
    signed: bool = True


WHOLE: tuple[Ask, ...] = (
    ("", "MX", S), ("mx", "A", S), ("_25._tcp.mx", "TLSA", S), ("alias", "A", S), ("x.wild", "A", S),
    ("x.wild-alias", "A", S), ("alias-wild", "A", S), ("away", "A", I), ("broken", "A", B),
    ("no", "A", S), ("mx", "TXT", S), ("x.wild", "TXT", S), ("_tcp.mx", "TLSA", S), ("", "DNSKEY", S),
)  # fmt: skip
PLAIN: tuple[Ask, ...] = (("", "MX", I), ("mx", "A", I), ("no", "A", I), ("x.wild", "A", I))
BROKEN: tuple[Ask, ...] = (("", "MX", B), ("_25._tcp.mx", "TLSA", B), ("no", "A", B))
SITUATIONS = (
    Situation("nsec", WHOLE),
    Situation("nsec3", WHOLE, Terms(denial=NSEC3)),
    Situation("opt-out", (("", "MX", S), ("x.wild", "A", I), ("no", "A", I), ("mx", "TXT", S)),
              Terms(denial=OPT_OUT)),
    Situation("rsa", WHOLE[:3], Terms("RSASHA256")),
    Situation("p384", WHOLE[:3], Terms("ECDSAP384SHA384", NSEC3)),
    Situation("ed25519", WHOLE[:3], Terms("ED25519")),
    Situation("unsigned", PLAIN, signed=False, ds="none"),
    Situation("no-ds", PLAIN, ds="none"),
    Situation("expired", BROKEN, Terms(begins=-30 * DAY, ends=-5 * DAY)),
    Situation("not-yet", BROKEN, Terms(begins=5 * DAY, ends=30 * DAY)),
    Situation("wrong-ds", BROKEN, ds="wrong"),
    Situation("no-rrsig", (("www", "A", B), ("mx", "A", S), ("alias", "A", B)),
              edits=(unsign("www", "A"),)),
    Situation("no-rrsig-tlsa", (("_25._tcp.mx", "TLSA", B), ("mx", "A", S), ("", "MX", S)),
              Terms(denial=NSEC3), edits=(unsign("_25._tcp.mx", "TLSA"),)),
    Situation("no-rrsig-wildcard", (("x.wild", "A", B), ("x.wild-alias", "A", S)),
              edits=(unsign("*.wild", "A"),)),
    Situation("no-key-rrsig", BROKEN, edits=(unsign("", "DNSKEY"),)),
    Situation("changed", (("www", "A", B), ("alias", "A", B), ("mx", "A", S)),
              edits=(change("192.0.2.2", "192.0.2.250"),)),
    Situation("no-nsec", (("no", "A", B), ("x.wild", "A", B), ("mx", "A", S)), edits=(without_denials,)),
    Situation("no-nsec3", (("no", "A", B), ("x.wild", "A", B), ("mx", "A", S)),
              Terms(denial=NSEC3), edits=(without_denials,)),
)  # fmt: skip


@dataclass(frozen=True)
class Question:
    """A question to the tree and the status its answer must have."""

    signer: str
    situation: str
    label: str
    rtype: str
    status: Status

    @property
    def qname(self) -> str:
        """The name asked for."""
        zone = f"{self.situation}.{self.signer}.test"
        return f"{self.label}.{zone}" if self.label else zone


def questions() -> Iterator[Question]:
    """Yield every question, situation by situation."""
    for situation in SITUATIONS:
        for label, rtype, status in situation.asks:
            for signer in SIGNERS:
                yield Question(signer, situation.name, label, rtype, status)


@dataclass(frozen=True)
class Tree:
    """The zones each server has, as origin and file, and the root's key."""

    zones: dict[str, dict[str, Path]]
    anchor: str


def _head(origin: str, signer: str) -> str:
    dotted = "." if origin == "." else f"{origin}."
    server = f"{signer}.example."
    return f"$ORIGIN {dotted}\n$TTL 60\n@ SOA {server} host.example. 1 3600 600 86400 30\n@ NS {server}\n"


def _child(where: Path, signer: str, one: Situation) -> tuple[str, str]:
    """Return a situation's zone and what its parent says of it."""
    origin = f"{one.name}.{signer}.test"
    text = _head(origin, signer) + CONTENT.format(signer=signer)
    if not one.signed:
        return text, ""
    made = SIGNERS[signer](where, origin, text, one.terms)
    for edit in one.edits:
        made = type(made)(edit(made.text, origin), made.ds, made.dnskey)
    if one.ds == "wrong":  # the digest of another key
        digest = made.ds.split()[-1]
        return made.text, made.ds.replace(digest, digest.translate(_TURNED))
    return made.text, made.ds if one.ds == "own" else ""


_TURNED = str.maketrans("0123456789abcdefABCDEF", "1234567890bcdefaBCDEFA")


def build(where: Path) -> Tree:
    """Sign all zones; write each below a directory of its signer."""
    zones: dict[str, dict[str, Path]] = {signer: {} for signer in SIGNERS}
    second = ""
    for signer, sign in SIGNERS.items():
        here = where / signer
        here.mkdir()
        delegations = _head(f"{signer}.test", signer)
        for one in SITUATIONS:
            text, ds = _child(here, signer, one)
            zones[signer][f"{one.name}.{signer}.test"] = _written(here, one.name, text)
            delegations += f"{one.name} NS {signer}.example.\n{ds}"
        made = sign(here, f"{signer}.test", delegations, Terms())
        zones[signer][f"{signer}.test"] = _written(here, signer, made.text)
        second += f"{signer} NS {signer}.example.\n{made.ds}"
    here = where / "ldns"
    top = with_ldns(here, "test", _head("test", "ldns") + second, Terms(denial=NSEC3))
    delegation = f"test NS {ROOT_SERVER}\n{top.ds}" + "".join(
        f"{signer}.example. A {address}\n" for signer, address in AUTH.items()
    )
    root = with_ldns(here, ".", _head(".", "ldns") + delegation, Terms())
    zones["ldns"] |= {
        "test": _written(here, "test", top.text),
        ".": _written(here, "root", root.text),
    }
    return Tree(zones, root.dnskey)


def _written(here: Path, name: str, text: str) -> Path:
    path = here / f"{name}.served"
    path.write_text(text)
    return path
