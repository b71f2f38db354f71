"""A walk from options: the one place that puts dialer, resolver, store, lab and journal together.

The command line and the interface both open their walks here.  Nothing touches the network before
the first step is awaited.  A walk is saved as it goes, into the user's state directory unless told
otherwise; when saving fails, the walk goes on and a notice says so.
"""

import asyncio
import contextlib
import enum
import re
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import platformdirs

from mxwalk.clock import Clock, SystemClock
from mxwalk.delivery.model import Delivery
from mxwalk.delivery.security import anchors_of
from mxwalk.dns.resolver import Resolver, StubResolver, parse_resolver, system_servers
from mxwalk.errors import TraceError, TraceExistsError, UsageError
from mxwalk.evidence.mailauth import MessageInput, SurveyInput
from mxwalk.evidence.step import Step
from mxwalk.evidence.target import Options, Target, TargetKind
from mxwalk.evidence.trace import Header, Trace, purpose_of
from mxwalk.files import make_directory
from mxwalk.http.guard import AnyAddress, Permit, PublicOnly
from mxwalk.language import say
from mxwalk.names import InvalidNameError, parse_name
from mxwalk.net.dialer import Dialer, SystemDialer
from mxwalk.receivers.registry import judge_or_first
from mxwalk.recorder import Recorder
from mxwalk.senders.model import SenderProfile
from mxwalk.text import visible
from mxwalk.tls.store import load_store, stores_beside
from mxwalk.walk.live import ValidationTools
from mxwalk.walk.target import message_target, parse_target
from mxwalk.walk.walker import Walk
from mxwalk.wordings import system_words

if TYPE_CHECKING:  # the lab is loaded where a scenario is walked
    from mxwalk.lab.lab import Lab

TRACE_SUFFIX = ".mxtrace"
_SAME_SECOND = 1_000  # walks of one target that begin in one second


class Saving(enum.Enum):
    """Where a walk is saved when no file is named."""

    STATE = "a new file in the state directory"
    NOWHERE = "nowhere"


def default_options() -> Options:
    """Return the options of a walk to a real host: this machine's name as HELO name."""
    return Options(helo=own_host_name())


def lab_options(scenario: str) -> Options:
    """Return the options a scenario is made for.  Raises ``ScenarioError`` for an unknown name."""
    from mxwalk.lab.scenario import load_scenario

    wanted = msgspec.to_builtins(load_scenario(scenario).options)
    return msgspec.convert({**wanted, "trust": "lab"}, Options)


def own_host_name() -> str:
    """Return this machine's fully qualified name, or an empty string if it has none.

    RFC 5321 4.1.4: a client without a meaningful name sends an address literal, which the walk makes
    of the connection's own address.  No DNS question is asked here.
    """
    name = socket.gethostname()
    try:
        parsed = parse_name(name).ascii
    except InvalidNameError:
        return ""
    is_local = parsed.endswith((".local", ".localdomain", ".internal", ".lan"))
    return parsed if "." in parsed and not is_local else ""


def traces_directory() -> Path:
    """Return where walks are saved by themselves."""
    return platformdirs.user_state_path("mxwalk", appauthor=False) / "traces"


def trace_paths(header: Header) -> Iterator[Path]:
    """Yield names in the traces' directory: time and target, safe for every file system, then more.

    Whoever makes the file takes the first name that it can make anew: another process may be at it.
    """
    target = header.target
    subject = header.scenario or (target.domain.ascii if target.domain else target.address)
    stem = f"{re.sub('[^0-9TZ]', '', header.started_at)}-{file_words(subject)}"
    directory = traces_directory()
    yield directory / f"{stem}{TRACE_SUFFIX}"
    for number in range(2, _SAME_SECOND):
        yield directory / f"{stem}-{number}{TRACE_SUFFIX}"


def file_words(subject: str) -> str:
    """Return what was walked as a part of a file's name, safe for every file system."""
    return re.sub(r"[^A-Za-z0-9.-]+", "-", subject)[:80].strip("-.") or "walk"


async def walk_scenario(scenario: str, options: Options | None = None) -> Trace:
    """Walk a lab scenario to its end, with the options it is made for unless told otherwise."""
    options = options or lab_options(scenario)
    async with open_walk(None, options, scenario=scenario, save=Saving.NOWHERE) as walk:
        while await walk.step() is not None:
            pass
    return walk.trace


@contextlib.asynccontextmanager
async def open_walk(  # noqa: PLR0913 - what a walk is opened with has no smaller shape
    target_text: str | None,
    options: Options,
    *,
    scenario: str | None = None,
    message: MessageInput | None = None,
    survey: SurveyInput | None = None,
    since: str = "",
    on_step: Callable[[Step], None] | None = None,
    on_notice: Callable[[str], None] | None = None,
    on_file: Callable[[Path], None] | None = None,
    save: Path | Saving = Saving.STATE,
    overwrite: bool = False,
    redacted: bool = False,
    clock: Clock | None = None,
    lab: "Lab | None" = None,
) -> AsyncIterator[Walk]:
    """Open a walk to a target, of a message, or on a lab scenario, and close it with the context.

    With ``survey`` the target is a domain, and what it publishes is looked at.  ``since`` is when and
    where the fault was seen before, which letters tell.

    ``on_step`` is called with each step once it is in the trace and saved, ``on_notice`` with a
    sentence when the trace can no longer be saved, ``on_file`` with the file once it is made.  With
    ``redacted``, the saved trace is redacted; it is then written as a whole when the walk is closed.
    ``lab`` is the scenario's when it is running already, and stays so.  Raises ``UsageError`` for a
    target or an option
    that cannot be used, ``ScenarioError`` for an unknown scenario, and ``TraceError`` when the file
    named in ``save`` cannot be made.
    """
    clock = clock or SystemClock()
    recorder = Recorder(on_step, on_notice, redacted=redacted)
    async with contextlib.AsyncExitStack() as stack:
        dialer: Dialer
        resolver: Resolver
        if scenario is None:
            target = _target(target_text, message, survey)
            dialer, resolver = SystemDialer(), _resolver(options)
            checking = _resolver(options, checking_disabled=True)
            validation = ValidationTools(checking, anchors_of(options))
            store = await asyncio.to_thread(load_store, options.trust)
            permit: Permit = AnyAddress() if options.private_urls else PublicOnly()
        elif target_text is not None:
            raise UsageError(say("a scenario has its own target; give one or the other"))
        else:
            # the lab's servers, zones and PKI take long to load, and only a scenario needs them
            from mxwalk.lab.lab import Lab
            from mxwalk.lab.scenario import load_scenario

            if lab is None:
                lab = await stack.enter_async_context(Lab(load_scenario(scenario), clock=clock))
            target, dialer, resolver, store = lab.target, lab.dialer, lab.resolver, lab.store
            validation, permit = lab.validation, lab.permit
            message, survey = lab.message, lab.survey
            options = _on_lab(options, lab.options)
            if options.trust != "lab":
                store = await asyncio.to_thread(load_store, options.trust)
        sender = judge_or_first(purpose_of(message, survey), options.sender)
        options = msgspec.structs.replace(options, sender=sender.id)
        walk = Walk(
            target,
            options,
            message=message,
            survey=survey,
            dialer=dialer,
            resolver=resolver,
            store=store,
            clock=clock,
            validation=validation,
            permit=permit,
            beside=await asyncio.to_thread(stores_beside, store, on_lab=scenario is not None),
            on_step=recorder.record,
            enough=(lambda so_far: _delivers(sender, so_far)) if options.first_host else None,
            scenario=scenario or "",
            since=since,
        )
        _start_saving(recorder, walk.trace.header, save, overwrite=overwrite)
        if on_file is not None and recorder.path is not None:
            on_file(recorder.path)
        stack.callback(recorder.close)
        stack.push_async_callback(walk.close)
        yield walk


def _target(text: str | None, message: MessageInput | None, survey: SurveyInput | None) -> Target:
    if message is not None:
        if text is not None:
            raise UsageError(say("a message is looked at as it came; give a target or a message"))
        return message_target(message)
    target = parse_target(text or "")
    if survey is not None and target.kind is not TargetKind.DOMAIN:
        raise UsageError(
            say("a survey is of a domain, and {target} is none", target=visible(target.text, 80))
        )
    return target


def _start_saving(
    recorder: Recorder, header: Header, save: Path | Saving, *, overwrite: bool
) -> None:
    """Make the file; a state directory that cannot be used is only worth a notice."""
    if isinstance(save, Path):
        recorder.open(header, save, overwrite=overwrite)
    elif save is Saving.STATE:
        try:
            _make_directory(traces_directory())
            _make_anew(recorder, header)
        except TraceError as error:
            recorder.notify(say("this walk is not saved: {error}", error=error))


def _make_directory(path: Path) -> None:
    """Make the directory for traces.  Raises ``TraceError`` with the system's words."""
    try:
        make_directory(path)
    except OSError as error:
        refused, why = error.filename or path, system_words(error)
        raise TraceError(
            say("cannot make the directory {path}: {why}", path=refused, why=why)
        ) from error


def _make_anew(recorder: Recorder, header: Header) -> None:
    """Make the file under the first name that no file has, by making it."""
    taken: TraceExistsError | None = None
    for path in trace_paths(header):
        try:
            recorder.open(header, path, overwrite=False)
        except TraceExistsError as error:
            taken = error
        else:
            return
    if taken is not None:
        raise taken


def _delivers(sender: SenderProfile, delivery: Delivery) -> bool:
    return sender.judge(delivery).outcome.delivered


def _on_lab(options: Options, lab: Options) -> Options:
    """The lab's resolver and trust anchor exist only while it runs; the rest may be chosen."""
    return msgspec.structs.replace(
        options,
        resolver=lab.resolver,
        trust_anchor=options.trust_anchor or lab.trust_anchor,
    )


def _resolver(options: Options, *, checking_disabled: bool = False) -> StubResolver:
    servers = (parse_resolver(options.resolver),) if options.resolver else system_servers()
    return StubResolver(
        servers, timeout_s=options.timeouts.dns_s, checking_disabled=checking_disabled
    )
