"""Hypothesis strategies for evidence: any value the types and the reader's bounds allow."""

import enum
import types
import typing
from typing import Any

import msgspec
from hypothesis import strategies as st

from mxwalk.evidence.bounds import EVIDENCE_OF
from mxwalk.evidence.connection import ChainChecked, RevocationChecked
from mxwalk.evidence.mailauth import DkimChecked, MessageInput, SpfChecked, SurveyInput
from mxwalk.evidence.step import Scope, Step, StepKind
from mxwalk.evidence.target import Options, Route, Target, TargetKind
from mxwalk.evidence.trace import Header, Purpose, Trace
from mxwalk.names import Name, parse_name

NAMES = ("example.com", "mx1.example.net", "xn--bcher-kva.example", "_25._tcp.mx.example.org")
ADDRESSES = ("192.0.2.1", "198.51.100.7", "2001:db8::1")
TIME = "2026-11-21T20:13:00Z"

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
seconds = st.floats(0, 1e6, allow_nan=False)
addresses = st.sampled_from(("", *ADDRESSES))
ports = st.integers(0, 65_535)
names = st.sampled_from(NAMES).map(parse_name)

_FIXED: dict[tuple[type, str], st.SearchStrategy[Any]] = {
    (ChainChecked, "evaluated_at"): st.just(TIME),
    (RevocationChecked, "checked_at"): st.just(TIME),
    (Header, "started_at"): st.just(TIME),
    (Header, "format"): st.just("mxwalk-trace"),
    (Header, "version"): st.just(1),
    (Options, "at"): st.sampled_from(("", TIME)),
    (Route, "destination"): st.sampled_from(NAMES + ADDRESSES),
    (Scope, "address"): addresses,
    (Target, "domain"): names,
    (MessageInput, "client_ip"): addresses,
    (SpfChecked, "client_ip"): addresses,
    (DkimChecked, "number"): st.integers(1, 50),
}
_KINDS = {
    Purpose.DELIVERY: (TargetKind.MAILBOX, TargetKind.DOMAIN, TargetKind.HOST, TargetKind.ADDRESS),
    Purpose.MESSAGE: (TargetKind.MESSAGE,),
    Purpose.DOMAIN: (TargetKind.DOMAIN,),
}


def of(kind: Any) -> st.SearchStrategy[Any]:
    """Return a strategy for a type annotation of the evidence modules."""
    if kind is str:
        return texts
    if kind is bytes:
        return st.binary(max_size=40)
    if kind is int:
        return ports
    if kind is float:
        return seconds
    if kind is bool:
        return st.booleans()
    if kind is type(None):
        return st.none()
    if kind is Name:
        return names
    if isinstance(kind, type) and issubclass(kind, enum.Enum):
        return st.sampled_from(kind)
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        return struct(kind)
    origin, args = typing.get_origin(kind), typing.get_args(kind)
    if origin in (types.UnionType, typing.Union):
        return st.one_of(*map(of, args))
    if origin is tuple and args[-1] is Ellipsis:
        return st.lists(of(args[0]), max_size=3).map(tuple)
    if origin is tuple:
        return st.tuples(*map(of, args))
    raise TypeError(kind)


def struct(
    kind: type[msgspec.Struct], /, **given: st.SearchStrategy[Any]
) -> st.SearchStrategy[Any]:
    """Return a strategy for a struct; ``given`` replaces fields."""
    fields = {}
    for name, hint in typing.get_type_hints(kind).items():
        if name in given:
            fields[name] = given[name]
        elif (kind, name) in _FIXED:
            fields[name] = _FIXED[kind, name]
        else:
            fields[name] = addresses if name == "address" else of(hint)
    return st.builds(kind, **fields)


@st.composite
def steps(draw: st.DrawFn, seq: int) -> Step:
    """Draw a step; a note is on a step before it, so the first is none."""
    kind = draw(st.sampled_from([one for one in StepKind if seq > 1 or one is not StepKind.NOTE]))
    given = {"about": st.integers(1, seq - 1)} if kind is StepKind.NOTE else {}
    evidence = draw(struct(EVIDENCE_OF[kind], **given))
    return draw(struct(Step, seq=st.just(seq), kind=st.just(kind), evidence=st.just(evidence)))


@st.composite
def headers(draw: st.DrawFn) -> Header:
    """Draw a header whose target and input belong together."""
    purpose = draw(st.sampled_from(Purpose))
    target = struct(Target, kind=st.sampled_from(_KINDS[purpose]))
    message = struct(MessageInput) if purpose is Purpose.MESSAGE else st.none()
    survey = struct(SurveyInput) if purpose is Purpose.DOMAIN else st.none()
    return draw(struct(Header, target=target, message=message, survey=survey))


@st.composite
def traces(draw: st.DrawFn, max_steps: int = 5) -> Trace:
    count = draw(st.integers(0, max_steps))
    return Trace(
        header=draw(headers()),
        steps=tuple(draw(steps(number + 1)) for number in range(count)),
    )
