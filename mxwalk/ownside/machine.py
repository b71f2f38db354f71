"""This machine: trust store, OpenSSL and its policy, file descriptors, state directory, saved times."""

import asyncio
import os
import re
from datetime import UTC, datetime
from pathlib import Path

from mxwalk.clock import from_rfc3339, to_rfc3339
from mxwalk.delivery.mark import Mark
from mxwalk.errors import UsageError
from mxwalk.evidence.connection import Handshaken
from mxwalk.evidence.trace import Trace
from mxwalk.files import takes_files
from mxwalk.language import say, say_many
from mxwalk.limits import OWN_CONFIG_BYTES
from mxwalk.ownside.model import Side
from mxwalk.ownside.result import Result
from mxwalk.reading import open_file
from mxwalk.text import visible
from mxwalk.tls.certificate import read_certificate
from mxwalk.tls.store import load_store

_OLD_DAYS = 730  # browsers' lists change several times a year
_FEW_ROOTS = 20
_DESCRIPTORS = 256  # a domain of a hundred hosts asks 64 questions at once
_POLICY = re.compile(
    rb"^[ \t]*(MinProtocol|MaxProtocol|CipherString)[ \t]*=[ \t]*([^\r\n#]{1,200})", re.MULTILINE
)


async def trust(side: Side) -> Result:
    """Is there a trust store, with how many roots, from when?"""
    label = say("trust store")
    try:
        store = await asyncio.to_thread(load_store, side.trust)
    except UsageError as error:
        fix = say("install the package ca-certificates, or name a file with --ca-file")
        return Result(id="trust", label=label, state=Mark.FAIL, words=str(error), fix=fix)
    evidence = store.evidence
    roots = say_many("{n} root", "{n} roots", evidence.roots)
    path = visible(evidence.path, 200)
    changed = _changed(Path(evidence.path))
    age = f", {changed:%Y-%m-%d}" if changed else ""
    words = f"{roots}, {path}{age}"
    if evidence.kind == "certifi" and side.trust == "system":
        words = say("the system has none: {store}", store=words)
        fix = say("install the package ca-certificates")
        return Result(id="trust", label=label, state=Mark.WARN, words=words, fix=fix)
    is_old = changed is not None and (side.clock.now() - changed).days > _OLD_DAYS
    if side.trust == "system" and (is_old or evidence.roots < _FEW_ROOTS):
        fix = say("update the package ca-certificates")
        return Result(id="trust", label=label, state=Mark.WARN, words=words, fix=fix)
    return Result(id="trust", label=label, state=Mark.OK, words=words)


def _changed(path: Path) -> datetime | None:
    try:
        return datetime.fromtimestamp(path.stat().st_mtime, UTC)
    except (OSError, ValueError, OverflowError):
        return None


async def openssl(_side: Side) -> Result:
    """Which OpenSSL is it, and what does its configuration forbid?"""
    version, directory = await asyncio.to_thread(_library)
    named = os.environ.get("OPENSSL_CONF", "")
    path = Path(named) if named else Path(directory) / "openssl.cnf"
    policy = await asyncio.to_thread(policy_of, path)
    shown = visible(str(path), 200)
    if not policy:
        words = say("{version}; no policy in {path}", version=version, path=shown)
        return Result(id="openssl", label="OpenSSL", state=Mark.OK, words=words)
    rules = ", ".join(f"{name} {value}" for name, value in policy)
    words = say("{version}; {path} sets {rules}", version=version, path=shown, rules=rules)
    return Result(id="openssl", label="OpenSSL", state=Mark.INFO, words=words)


def _library() -> tuple[str, str]:
    """Return the version and the directory of the OpenSSL that handshakes are made with."""
    from OpenSSL import SSL

    version = SSL.SSLeay_version(SSL.SSLEAY_VERSION).decode("ascii", "replace")
    directory = SSL.SSLeay_version(SSL.SSLEAY_DIR).decode("utf-8", "replace")
    return visible(" ".join(version.split()[:2]), 60), directory.partition('"')[2].rstrip('"')


def policy_of(path: Path) -> tuple[tuple[str, str], ...]:
    """Return what an OpenSSL configuration says of protocols and ciphers (config(5ssl))."""
    try:
        with open_file(path) as file:
            text = file.read(OWN_CONFIG_BYTES)
    except OSError:
        return ()
    found = [(name.decode(), visible(value.strip(), 100)) for name, value in _POLICY.findall(text)]
    return tuple(dict.fromkeys(found))[:8]


async def descriptors(_side: Side) -> Result:
    """May enough files be open?"""
    label = say("open files")
    try:
        import resource
    except ImportError:  # not every system has limits
        words = say("this system sets no limit")
        return Result(id="descriptors", label=label, state=Mark.INFO, words=words)
    soft, _hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY or soft >= _DESCRIPTORS:
        count = "∞" if soft == resource.RLIM_INFINITY else f"{soft:,}"
        words = say("{count} allowed", count=count)
        return Result(id="descriptors", label=label, state=Mark.OK, words=words)
    words = say("{count} allowed: look-ups of large domains may fail", count=soft)
    fix = say("raise the limit: ulimit -n 1024")
    return Result(id="descriptors", label=label, state=Mark.WARN, words=words, fix=fix)


async def state(side: Side) -> Result:
    """Can walks be saved?"""
    label, path = say("saved walks"), side.state_directory
    shown = visible(str(path), 200)
    if await asyncio.to_thread(takes_files, path):
        words = say("{path} can be written", path=shown)
        return Result(id="state", label=label, state=Mark.OK, words=words)
    words = say("{path} cannot be written: walks are not saved", path=shown)
    fix = say("set XDG_STATE_HOME to a directory of yours, or name a file with --save")
    return Result(id="state", label=label, state=Mark.WARN, words=words, fix=fix)


async def saved_clock(side: Side) -> Result:
    """Was the clock right when the saved walk was made, by the certificates it saw?"""
    label = say("clock, saved walk")
    trace = side.walk
    if trace is None:
        words = say("no walk to compare with")
        return Result(id="saved-clock", label=label, state=Mark.UNKNOWN, words=words)
    began, newest = _began(trace), _newest(trace)
    if began is None or newest is None:
        words = say("this walk saw no certificate")
        return Result(id="saved-clock", label=label, state=Mark.UNKNOWN, words=words)
    values = {"then": to_rfc3339(began), "since": to_rfc3339(newest)}
    if newest > began:
        words = say(
            "the walk began at {then} by our clock, and a certificate it saw begins at {since}: the"
            " clock was behind, or the certificate is not valid yet",
            **values,
        )
        fix = say("set the clock (timedatectl, chronyc makestep): certificates and DNSSEC need it")
        return Result(id="saved-clock", label=label, state=Mark.WARN, words=words, fix=fix)
    words = say("{then} fits the certificates seen, the newest from {since}", **values)
    return Result(id="saved-clock", label=label, state=Mark.OK, words=words)


def _began(trace: Trace) -> datetime | None:
    try:
        return from_rfc3339(trace.header.started_at)
    except ValueError:
        return None


def _newest(trace: Trace) -> datetime | None:
    """Return the latest beginning of a leaf's validity."""
    leaves = (
        read_certificate(step.evidence.presented[0]).not_before
        for step in trace.steps
        if isinstance(step.evidence, Handshaken) and step.evidence.presented
    )
    return max((one for one in leaves if one is not None), default=None)
