"""Every sentence that the sources write into the evidence as an ending or an error has its template.

The sentences are found by their calls: ``Ending(detail=...)``, ``DnsAnswer(error=...)`` and what is
handed on to these.  A value that is put together is followed through names, functions and their calls;
what comes from elsewhere is a sample.
"""

import ast
import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from mxwalk.evidence.told import ending_words, no_answer_words
from mxwalk.language import speaking

_SOURCES = Path(__file__).resolve().parents[2] / "mxwalk"
_PACKAGES = ("net", "tls", "dns", "walk", "clues/dialogue", "mailauth", "dnssec", "mtasts")
# The keywords whose texts end in Ending.detail and in DnsAnswer.error.
_ENDINGS = {"Ending": "detail", "Opened": "detail", "Closed": "detail", "TlsTold": "failure"}
_ERRORS = {"DnsAnswer": "error", "Failure": "detail", "Reading": "problem", "Chain": "problem"}
_RAISED = {"UnaskableNameError", "_TooMany"}  # their words become an error
_KEPT = {"_give_up"}  # its last argument becomes an ending's detail
# What a value is that comes from elsewhere: by its name, else a number, which fits every place.
_SAMPLES = {"peer": "192.0.2.1 port 25", "kind.value": "starttls", "failure.detail": "3 seconds"}
_SAMPLE = "7"
_TERMS = {"TLS", "RST", "SYN", "ACK", "UDP", "TCP", "DNS", "CNAME", "EHLO", "STARTTLS", "SMTPUTF"}
_TERMS |= {"mxwalk", "close_notify", "alert", "s_client", "OpenSSL", "KiB"}
_MOST = 256  # forms of one sentence
_LETTERS = re.compile(r"[A-Za-z_]{2,}")

Scope = ast.Module | ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class _Form:
    """One form of a text, and the literals that it is made of."""

    text: str
    literals: frozenset[str] = frozenset()

    def __add__(self, other: "_Form") -> "_Form":
        return _Form(self.text + other.text, self.literals | other.literals)


class _Module:
    """The functions of a source file, and what its expressions may be as texts."""

    def __init__(self, path: Path) -> None:
        self.tree = ast.parse(path.read_text("utf-8"))
        nodes = list(ast.walk(self.tree))
        self.functions = [n for n in nodes if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)]
        inside: dict[ast.AST, Scope] = {}
        for scope in (self.tree, *self.functions):  # an inner function comes behind its outer one
            inside.update((node, scope) for node in ast.walk(scope))
        self.calls = [(node, scope) for node, scope in inside.items() if isinstance(node, ast.Call)]

    def forms(self, value: ast.expr, scope: Scope, depth: int = 6) -> list[_Form]:
        """Return the forms of a value; a sample where it comes from elsewhere."""
        found: list[_Form] = []
        match value:
            case ast.Constant(value=str() as text):
                found = [_Form(text, frozenset({text}))]
            case ast.JoinedStr(values=parts):
                found = self._joined(parts, scope, depth)
            case ast.FormattedValue(value=inner, conversion=conversion):
                found = self.forms(inner, scope, depth)
                if conversion == ord("r"):
                    found = [_Form(repr(one.text), one.literals) for one in found]
            case ast.BinOp(left=left, op=ast.Add(), right=right):
                found = self._joined([left, right], scope, depth)
            case ast.IfExp(body=body, orelse=orelse):
                found = self.forms(body, scope, depth) + self.forms(orelse, scope, depth)
            case ast.BoolOp(values=values):
                found = [form for one in values for form in self.forms(one, scope, depth)]
            case ast.Name(id=name) if depth and name not in _SAMPLES:
                found = self._assigned(name, scope, depth - 1)
                found += self._passed(name, scope, depth - 1)
            case ast.Call(func=ast.Name(id=name)) if depth:
                found = self._returned(name, depth - 1)
        sample = _Form(_SAMPLES.get(ast.unparse(value), _SAMPLE))
        return list(dict.fromkeys(found))[:_MOST] or [sample]

    def _joined(self, parts: list[ast.expr], scope: Scope, depth: int) -> list[_Form]:
        forms = (self.forms(part, scope, depth) for part in parts)
        found = itertools.islice(itertools.product(*forms), _MOST)
        return [sum(one, start=_Form("")) for one in found]

    def _assigned(self, name: str, scope: Scope, depth: int) -> list[_Form]:
        found: list[_Form] = []
        for node in (*self.tree.body, *ast.walk(scope)):
            match node:
                case ast.Assign(targets=[ast.Name(id=target)], value=value) if target == name:
                    found += self.forms(value, scope, depth)
                case ast.AugAssign(target=ast.Name(id=target), value=value) if target == name:
                    more = self.forms(value, scope, depth)
                    found += [begun + end for begun in found for end in more]
        return found

    def _passed(self, name: str, scope: Scope, depth: int) -> list[_Form]:
        """Return what a parameter may be, by the calls of its function in every file."""
        if isinstance(scope, ast.Module):
            return []
        names = [one.arg for one in (*scope.args.args, *scope.args.kwonlyargs) if one.arg != "self"]
        if name not in names:
            return []
        defaults = dict(
            zip(
                reversed([one.arg for one in scope.args.args]),
                reversed(scope.args.defaults),
                strict=False,
            )
        )
        found = self.forms(defaults[name], scope, depth) if name in defaults else []
        for module, call, caller in _calls_of(scope.name):
            given = dict(zip(names, call.args, strict=False))
            given |= {one.arg: one.value for one in call.keywords if one.arg}
            if name in given:
                found += module.forms(given[name], caller, depth)
        return found

    def _returned(self, name: str, depth: int) -> list[_Form]:
        return [
            form
            for function in self.functions
            if function.name == name
            for node in ast.walk(function)
            if isinstance(node, ast.Return) and node.value is not None
            for form in self.forms(node.value, function, depth)
        ]


@cache
def _modules() -> dict[Path, _Module]:
    paths = (path for package in _PACKAGES for path in sorted((_SOURCES / package).rglob("*.py")))
    return {path: _Module(path) for path in paths}


@cache
def _calls_of(name: str) -> list[tuple[_Module, ast.Call, Scope]]:
    modules = _modules().values()
    return [(one, *found) for one in modules for found in one.calls if _called(found[0]) == name]


def _called(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else ast.unparse(call.func)


def _given(call: ast.Call) -> Iterator[tuple[str, ast.expr]]:
    """Yield what becomes of a text that a call is given, and the text."""
    name = _called(call)
    keywords = {one.arg: one.value for one in call.keywords}
    if (key := _ENDINGS.get(name)) in keywords:
        yield "ending", keywords[key]
    if (key := _ERRORS.get(name)) in keywords:
        yield "error", keywords[key]
    if name == "replace" and "detail" in keywords:
        yield "error", keywords["detail"]
    if name in _RAISED:
        yield "error", call.args[0]
    if name in _KEPT:
        yield "ending", call.args[-1]


@cache
def _sentences() -> dict[tuple[str, str], list[_Form]]:
    """Return by kind and place what each sentence of the evidence may be; nothing but values is none."""
    found: dict[tuple[str, str], list[_Form]] = {}
    for path, module in _modules().items():
        for call, scope in module.calls:
            for kind, value in _given(call):
                forms = [one for one in module.forms(value, scope) if _LETTERS.search(one.text)]
                if forms:
                    found[kind, f"{path.relative_to(_SOURCES)}:{call.lineno}"] = forms
    return found


def _written(kind: str) -> set[str]:
    return {one.text for (of, _), forms in _sentences().items() if of == kind for one in forms}


def _is_told(kind: str, text: str) -> bool:
    """Say whether a sentence is told in Korean to its end, and stays as it is in English."""
    tell = ending_words if kind == "ending" else no_answer_words
    assert tell(text) == text
    with speaking("ko"):
        return {*_LETTERS.findall(tell(text))} <= _TERMS


@pytest.mark.parametrize(
    "written",
    [
        "cancelled after 7 s",
        "starttls was answered 7",
        "the server answered RST to SYN",
        "s_client ended the connection",
        "192.0.2.1 port 25 refused the connection after 7 seconds: nothing listens there",
        '192.0.2.1 port 25 sent "7" without the end of the line, then nothing for 7 seconds',
        "the pasted text leaves out the end of the reply",
        "not sent: SMTPUTF8 is not offered",
        "192.0.2.1 port 25 closed the connection during the TLS handshake after 7 seconds",
    ],
)
def test_the_sentences_of_endings_are_found(written):
    assert written in _written("ending")


@pytest.mark.parametrize(
    "written",
    [
        "not asked: 7 look-ups were made in this walk",
        "the answer over UDP was truncated; 7",
        "more than 7 CNAME records in a row",
        "cancelled before an answer",
    ],
)
def test_the_sentences_of_errors_are_found(written):
    assert written in _written("error")


@pytest.mark.parametrize(("kind", "place"), sorted(_sentences()))
def test_each_sentence_of_the_evidence_is_told_in_korean(kind, place):
    """Not every form can be: that each literal of a sentence is in one that is told is enough."""
    forms = _sentences()[kind, place]
    told = [one for one in forms if _is_told(kind, one.text)]
    left = (
        frozenset()
        .union(*(one.literals for one in forms))
        .difference(*(one.literals for one in told))
    )
    assert not left, [one.text for one in forms if one.literals & left]


@pytest.mark.parametrize(
    "text", ["closed after 7 s", "the peer is 7", "cancelled after 7 s and so on"]
)
def test_a_sentence_without_a_template_is_noticed(text):
    assert not _is_told("ending", text)
    assert not _is_told("error", text)
