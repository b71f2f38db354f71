"""What flattening would look like: a record of addresses alone, shown with its price, never published.

Addresses copied out of other people's records are right on the day they are copied.
"""

import ipaddress
from dataclasses import dataclass

from mxwalk.dns.txt import txt_line
from mxwalk.language import noted, say
from mxwalk.mailauth.spf.hosts import network_text
from mxwalk.mailauth.spf.macrosyntax import domain_fault, read_macros
from mxwalk.mailauth.spf.survey_model import Leaf, State, Survey, Surveyed

WARNING = noted(
    "The addresses behind include, a and mx belong to others, who change them without"
    " telling; a flattened record then refuses good mail or lets strangers pass. Flatten"
    " only with a process that compares and publishes again, and never longer than the"
    " shortest TTL behind it."
)
_ROOM = 450


@dataclass(frozen=True, slots=True, kw_only=True)
class Flattened:
    """A flattened record and what is to be known of it.

    ``text`` is the record, ``kept`` the terms that cannot be flattened, ``lookups`` the terms that ask
    in it, against ``lookups_before``.  ``lines`` are zone lines: over 450 octets it is split into
    records that are included.  ``ttl_s`` is the shortest TTL of a record behind it, if known.
    """

    text: str
    kept: tuple[str, ...]
    lookups: int
    lookups_before: int
    networks: int
    lines: tuple[str, ...]
    ttl_s: int | None = None

    @property
    def warning(self) -> str:
        """What is to be known before such a record is published."""
        return say(WARNING)


def flatten_advice(survey: Survey) -> Flattened | None:
    """Return the flattened form of a surveyed record, ``None`` where there is no sound record."""
    root = survey.root
    if root.record is None or root.problem is not None or survey.is_cut:
        return None
    if any(leaf.term.name == "redirect" and leaf.child is None for leaf in _chain(root)):
        return None
    words: list[str] = []
    kept: list[str] = []
    _flatten(root, words, kept, moved=False)
    if "" in kept:
        return None
    tail = _tail(root)
    plain = _collapsed(words)
    lookups = sum(_asks(word) for word in plain)
    text = " ".join(["v=spf1", *plain, *tail])
    return Flattened(
        text=text,
        kept=tuple(kept),
        lookups=lookups,
        lookups_before=survey.lookups,
        networks=sum(word.startswith(("ip4:", "ip6:")) for word in plain),
        lines=_lines(survey.domain, plain, tail, text),
        ttl_s=min(_ttls(root), default=None),
    )


def _chain(branch: Surveyed) -> list[Leaf]:
    """Return the terms of a record and of those it is redirected to, without what is ignored."""
    own = [leaf for leaf in branch.leaves if leaf.state is not State.IGNORED]
    below = [leaf.child for leaf in own if leaf.term.name == "redirect" and leaf.child]
    return own + [leaf for child in below for leaf in _chain(child)]


def _flatten(branch: Surveyed, words: list[str], kept: list[str], *, moved: bool) -> None:
    """Add the words of a record; what cannot be flattened is kept as it stands."""
    for leaf in branch.leaves:
        term = leaf.term
        sign = "" if term.qualifier == "+" else term.qualifier
        if leaf.state is State.IGNORED or term.name == "all":
            continue
        if term.name == "redirect" and leaf.child is not None:
            _flatten(leaf.child, words, kept, moved=True)
        elif term.name == "include" and not sign and leaf.child and _is_plain(leaf.child):
            words += _networks(leaf.child)
        elif leaf.networks:
            words += [f"{sign}{_network_term(one)}" for one in leaf.networks]
        elif leaf.state is not State.EMPTY or term.name not in ("a", "mx"):
            whole = _moved(leaf) if moved else term.text
            words.append(whole)
            kept.append(whole)


def _moved(leaf: Leaf) -> str:
    """Return a kept term of another record with its domain written out, empty if that cannot be."""
    term = leaf.term
    if leaf.state is State.DEPENDS and term.name != "ptr":
        return term.text if "d" not in read_macros(term.spec).letters() else ""
    sign = "" if term.qualifier == "+" else term.qualifier
    target = leaf.target.replace("%", "%%").replace(" ", "%_")
    return f"{sign}{term.name}:{target}" if domain_fault(target) is None else ""


def _is_plain(branch: Surveyed) -> bool:
    """Say whether a record can be put into another as its networks, order and results kept."""
    return branch.problem is None and all(_is_plain_leaf(leaf) for leaf in branch.leaves)


def _is_plain_leaf(leaf: Leaf) -> bool:
    term = leaf.term
    if leaf.state is State.IGNORED:
        return True
    if term.name == "all":
        return term.qualifier != "+"
    if term.qualifier != "+":
        return False
    if term.name in ("a", "mx", "ip4", "ip6"):
        return leaf.state in (State.KNOWN, State.EMPTY)
    return leaf.child is not None and _is_plain(leaf.child)


def _networks(branch: Surveyed) -> list[str]:
    words: list[str] = []
    for leaf in branch.leaves:
        if leaf.state is State.IGNORED:
            continue
        words += [_network_term(one) for one in leaf.networks]
        if leaf.child is not None:
            words += _networks(leaf.child)
    return words


def _network_term(network: str) -> str:
    return f"ip{6 if ':' in network else 4}:{network}"


def _tail(branch: Surveyed) -> list[str]:
    for leaf in branch.leaves:
        if leaf.term.name == "all" and leaf.state is not State.IGNORED:
            return [leaf.term.text]
        if leaf.term.name == "redirect" and leaf.child is not None:
            return _tail(leaf.child)
    return ["~all"]


def _collapsed(words: list[str]) -> list[str]:
    """Put runs of passing networks together; everything else keeps its place."""
    out: list[str] = []
    run: list[str] = []
    for word in [*words, ""]:
        if word.startswith(("ip4:", "ip6:")):
            run.append(word[4:])
            continue
        nets = [ipaddress.ip_network(text) for text in run]
        four = [net for net in nets if isinstance(net, ipaddress.IPv4Network)]
        six = [net for net in nets if isinstance(net, ipaddress.IPv6Network)]
        out += [f"ip4:{network_text(net)}" for net in ipaddress.collapse_addresses(four)]
        out += [f"ip6:{network_text(net)}" for net in ipaddress.collapse_addresses(six)]
        run = []
        if word:
            out.append(word)
    return list(dict.fromkeys(out))


def _asks(word: str) -> bool:
    name = word.lstrip("+-?~").partition(":")[0].partition("/")[0]
    return name in ("include", "a", "mx", "ptr", "exists")


def _lines(domain: str, plain: list[str], tail: list[str], text: str) -> tuple[str, ...]:
    if len(text) <= _ROOM or not all(word.startswith(("ip4:", "ip6:")) for word in plain):
        return (txt_line(domain, text.encode("latin-1", "replace")),)
    parts: list[list[str]] = [[]]
    for word in plain:
        if sum(len(one) + 1 for one in (*parts[-1], word)) > _ROOM - 40:
            parts.append([])
        parts[-1].append(word)
    names = [f"_spf{number}.{domain}" for number in range(1, len(parts) + 1)]
    top = " ".join(["v=spf1", *(f"include:{name}" for name in names), *tail])
    lines = [txt_line(domain, top.encode("latin-1", "replace"))]
    for name, part in zip(names, parts, strict=True):
        record = " ".join(["v=spf1", *part, "?all"])
        lines.append(txt_line(name, record.encode("latin-1", "replace")))
    return tuple(lines)


def _ttls(branch: Surveyed) -> list[int]:
    own = [branch.record.ttl_s] if branch.record and branch.record.ttl_s is not None else []
    return own + [ttl for leaf in branch.leaves if leaf.child for ttl in _ttls(leaf.child)]
