"""Find the words of errors that do not go through ``say``: a person reads them in English.

An error's argument is followed through names of the same function and functions of the same module.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

# What the command line and the interface show as it is.
ERRORS = (
    "UsageError",
    "TraceError",
    "TraceExistsError",
    "OutputLost",
    "NoFileError",
    "InvalidNameError",
    "NoReportError",
    "DamagedError",
    "UnknownScenarioError",
)
_SAID = ("say", "say_many", "noted")
_WORD = re.compile(r"[A-Za-z]{2,}")
_TYPED = re.compile(r"--[a-z-]+|\bmxwalk [a-z-]+|\b[A-Z]{2,}\b")  # in no language


def unsaid(path: Path) -> Iterator[str]:
    """Yield place and words of every error of a file that are in English alone."""
    tree = ast.parse(path.read_text("utf-8"))
    functions = {one.name: one for one in ast.walk(tree) if isinstance(one, ast.FunctionDef)}
    for scope in [tree, *functions.values()]:
        for call in _own_calls(scope):
            if _name(call) in ERRORS:
                words = _Words(functions)
                for value in (*call.args, *(one.value for one in call.keywords)):
                    words.look(value, scope)
                for found in words.found:
                    yield f"{path}:{call.lineno}: {found!r}"


def _own_calls(scope: ast.AST) -> Iterator[ast.Call]:
    """Yield the calls of a scope that are in no function inside it."""
    for child in ast.iter_child_nodes(scope):
        if isinstance(child, ast.FunctionDef):
            continue
        if isinstance(child, ast.Call):
            yield child
        yield from _own_calls(child)


def _name(call: ast.Call) -> str:
    return getattr(call.func, "id", "") or getattr(call.func, "attr", "")


class _Words:
    def __init__(self, functions: dict[str, ast.FunctionDef]) -> None:
        self.found: list[str] = []
        self._functions = functions
        self._seen: set[tuple[str, str]] = set()

    def look(self, node: ast.AST, scope: ast.AST) -> None:
        """Take up the words in an expression that are not said."""
        match node:
            case ast.Call() if _name(node) in _SAID:
                return
            case ast.Call(func=ast.Name(id=name)) if name in self._functions:
                self._into(name, self._functions[name])
            case ast.Constant(value=str(text)):
                if _WORD.search(_TYPED.sub("", text)):
                    self.found.append(text)
                return
            case ast.Name(id=name) if (name, str(id(scope))) not in self._seen:
                self._seen.add((name, str(id(scope))))
                for value in _given(name, scope):
                    self.look(value, scope)
            case ast.IfExp():
                self.look(node.body, scope)
                self.look(node.orelse, scope)
                return
            case ast.Subscript() | ast.Compare() | ast.Call(func=ast.Attribute()):
                return
        for child in ast.iter_child_nodes(node):
            self.look(child, scope)

    def _into(self, name: str, function: ast.FunctionDef) -> None:
        if (name, "") in self._seen:
            return
        self._seen.add((name, ""))
        for one in ast.walk(function):
            if isinstance(one, ast.Return) and one.value is not None:
                self.look(one.value, function)


def _given(name: str, scope: ast.AST) -> Iterator[ast.AST]:
    """Yield what a name of the scope is given."""
    for one in ast.walk(scope):
        if isinstance(one, ast.Assign) and any(
            isinstance(target, ast.Name) and target.id == name for target in one.targets
        ):
            yield one.value
