"""No shell, no evaluation, no reader that runs what it reads: told from the packages' syntax trees."""

import ast
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

import mxwalk
import tui
import widgets

SOURCES = tuple(
    path
    for package in (mxwalk, tui, widgets)
    for path in sorted(Path(package.__path__[0]).rglob("*.py"))
)

# Modules that run programs, run what they read, hide the chain or the dialogue, or parse XML unguarded.
MODULES = frozenset(
    {
        "subprocess", "pty", "webbrowser", "pickle", "cPickle", "_pickle", "shelve", "marshal", "dill",
        "yaml", "ssl", "smtplib", "ftplib", "telnetlib", "urllib.request", "http.client", "requests",
        "xml", "lxml", "code", "codeop", "ctypes", "multiprocessing", "runpy", "socketserver",
    }
)  # fmt: skip
NAMES = frozenset({"eval", "exec", "compile", "__import__", "breakpoint", "input"})
ATTRIBUTES = frozenset(
    {
        ("os", name)
        for name in (
            "system", "popen", "startfile", "fork", "forkpty", "execv", "execve", "execvp", "execvpe",
            "execl", "execle", "execlp", "execlpe", "posix_spawn", "posix_spawnp", "spawnl", "spawnv",
            "spawnve", "spawnvp", "umask",
        )
    }
    | {("tempfile", "mktemp"), ("asyncio", "create_subprocess_shell")}
    | {("asyncio", "create_subprocess_exec"), ("socket", "getaddrinfo"), ("sys", "settrace")}
)  # fmt: skip


def _faults(nodes: Iterable[ast.AST]) -> Iterator[tuple[int, str]]:
    for node in nodes:
        match node:
            case ast.Import(names=names):
                yield from ((node.lineno, one.name) for one in names if _is_banned(one.name))
            case ast.ImportFrom(module=str(module), names=names, level=0):
                for one in names:
                    full = f"{module}.{one.name}"
                    if _is_banned(full) or (module, one.name) in ATTRIBUTES:
                        yield node.lineno, full
            case ast.Call(func=ast.Name(id=name)) if name in NAMES:
                yield node.lineno, name
            case ast.Attribute(value=ast.Name(id=module), attr=name) if (
                module,
                name,
            ) in ATTRIBUTES:
                yield node.lineno, f"{module}.{name}"
            case ast.keyword(arg="shell"):
                yield node.value.lineno, "shell="
            case _:
                pass


def _is_banned(module: str) -> bool:
    parts = module.split(".")
    return any(".".join(parts[: n + 1]) in MODULES for n in range(len(parts)))


@pytest.mark.parametrize(
    ("source", "fault"),
    [
        ("import subprocess", "subprocess"),
        ("from os import system", "os.system"),
        ("os.system('x')", "os.system"),
        ("import xml.etree.ElementTree as E", "xml.etree.ElementTree"),
        ("from xml.sax import parse", "xml.sax.parse"),
        ("from urllib import request", "urllib.request"),
        ("eval('1')", "eval"),
        ("import pickle", "pickle"),
        ("tempfile.mktemp()", "tempfile.mktemp"),
        ("run('x', shell=True)", "shell="),
    ],
)
def test_the_look_finds_what_it_looks_for(source: str, fault: str) -> None:
    assert [name for _, name in _faults(ast.walk(ast.parse(source)))] == [fault]


@pytest.fixture(scope="module")
def nodes() -> dict[Path, list[ast.AST]]:
    """Every file's imports, calls, names with a dot and keywords: parsing them takes seconds."""
    kinds = (ast.Import, ast.ImportFrom, ast.Call, ast.Attribute, ast.keyword)
    return {
        path: [node for node in ast.walk(ast.parse(path.read_bytes())) if isinstance(node, kinds)]
        for path in SOURCES
    }


def test_no_source_runs_a_program_or_what_it_reads(nodes: dict[Path, list[ast.AST]]) -> None:
    assert len(nodes) > 500
    found = [
        f"{path}:{line}: {name}" for path, found in nodes.items() for line, name in _faults(found)
    ]
    assert found == []


def _users(nodes: dict[Path, list[ast.AST]], names: set[str]) -> set[str]:
    """Return the files that use a method of one of these names, or call one by it."""
    return {
        "/".join(path.parts[-3:])
        for path, found in nodes.items()
        for node in found
        if (isinstance(node, ast.Attribute) and node.attr in names)
        or (
            isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names
        )
    }


def test_sockets_are_opened_by_the_dialer_and_the_resolver_alone(
    nodes: dict[Path, list[ast.AST]],
) -> None:
    users = _users(
        nodes,
        {"create_connection", "open_connection", "create_datagram_endpoint", "sock_connect"},
    )
    outside_the_lab = {one for one in users if "/lab/" not in one}
    assert outside_the_lab == {"mxwalk/net/dialer.py", "mxwalk/dns/transport.py"}
    bare = {
        "/".join(path.parts[-3:])
        for path, found in nodes.items()
        for node in found
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and (node.value.id, node.attr) in {("socket", "socket"), ("socket", "create_connection")}
    }
    asks_for_a_route = "mxwalk/ownside/network.py"  # of the system: UDP's connect sends nothing
    assert {one for one in bare if "/lab/" not in one} == {asks_for_a_route}


def test_templates_are_the_packages_own(nodes: dict[Path, list[ast.AST]]) -> None:
    """Jinja2 is given no text as a template, so no text of a peer can be one."""
    assert _users(nodes, {"from_string", "Template"}) == set()


def test_private_keys_are_loaded_by_nobody_but_the_lab(nodes: dict[Path, list[ast.AST]]) -> None:
    """There is no client certificate and no key of the user that could get into a trace."""
    readers = {
        "load_pem_private_key", "load_der_private_key", "load_ssh_private_key", "load_privatekey",
        "use_privatekey_file", "use_certificate_file", "load_pkcs12", "load_key_and_certificates",
    }  # fmt: skip
    of_the_lab = {
        "mailauth/dkim/sign.py",
        "mxwalk/tls/server.py",
    }  # keys that the lab has just made
    assert {one for one in _users(nodes, readers) if "/lab/" not in one} == of_the_lab
    importers = {
        "/".join(path.parts[-3:])
        for path, found in nodes.items()
        for node in found
        if isinstance(node, ast.ImportFrom) and node.module in ("mxwalk.mailauth.dkim.sign", "mxwalk.mailauth.arc.seal", "mxwalk.tls.server")
    }  # fmt: skip
    assert {one for one in importers if "/lab/" not in one} == {"mailauth/arc/seal.py"}
