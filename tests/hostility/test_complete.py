"""The table is whole: a format, a command, a screen, a view that is new stands in it, or a test says so."""

import importlib
import inspect
import pkgutil

import click
from textual.screen import Screen

import tui.screens
from mxwalk.cli import cli
from mxwalk.lab.scenario import scenario_names
from mxwalk.reports.comparison import FORMATS as COMPARISONS
from mxwalk.reports.render import FORMATS
from tests.hostile import CORPUS, Family
from tests.hostility.documents import CHECKS
from tests.hostility.doors import DOORS, Kind
from tests.hostility.test_asked import COMMANDS as COMMANDS_THAT_ASK
from tests.hostility.ways import WAYS
from tests.hostility.words import USUAL, places
from tests.keywalks.cases import OTHERS

# Screens that only draw what another screen on this list was given, or words of our own.
OPENED_BY_KEYS = {
    "CatalogueScreen", "ChainDateScreen", "CompareExportScreen", "CompareScreen", "CompareWithScreen",
    "ConfirmScreen", "DmarcExportScreen", "DmarcScreen", "EntryScreen", "ExplainScreen", "ExportScreen",
    "HelpScreen", "JumpScreen", "LetterScreen", "NoteScreen", "PolicyChainScreen", "RelatedScreen",
    "ReportsScreen", "SenderScreen", "SourceSpfScreen", "SpfWhatIfScreen", "CluesScreen", "CodeScreen",
    "WalkScreen", "MessageScreen", "DomainScreen",
}  # fmt: skip
# Screens whose words are typed or our own, and those of a walk under way: ``test_typed`` and plays.
OF_LIVE_WALKS = {
    "BreakpointsScreen", "EditCommandScreen", "WatchScreen", "AskScreen", "LeaveUnsavedScreen",
}  # fmt: skip
TYPED_INTO = {"StartScreen", "PasteScreen"}
# ``lab`` and ``walk`` are ``check`` of a scenario and of a target; ``tlsa`` is in ``test_certificates``.
COMMANDS_OF_WORDS = {"completion", "dkim-key", "explain", "lab", "walk", "self", "tlsa"}


def test_every_format_has_a_way_and_a_check() -> None:
    covered = {way.covers for way in WAYS}
    assert {f"report {fmt}" for fmt in FORMATS} <= covered
    assert set(FORMATS) | set(COMPARISONS) <= set(CHECKS)


def test_every_command_has_a_way_or_asks_dns_or_takes_words_alone() -> None:
    covered = {way.covers.removeprefix("command ") for way in WAYS}
    asked = {words[0] for words in COMMANDS_THAT_ASK}
    assert set(cli.commands) <= covered | asked | COMMANDS_OF_WORDS
    assert set(USUAL) <= set(cli.commands)


def test_every_argument_and_every_option_of_every_command_is_a_door() -> None:
    tried = {(name, param.name) for name, param in places()}
    for name, command in cli.commands.items():
        for param in command.params:
            is_flag = isinstance(param, click.Option) and param.is_flag
            assert is_flag or (name, param.name) in tried


def test_every_screen_is_in_the_table() -> None:
    found = set()
    for module in pkgutil.iter_modules(tui.screens.__path__):
        imported = importlib.import_module(f"tui.screens.{module.name}")
        for name, one in inspect.getmembers(imported, inspect.isclass):
            if issubclass(one, Screen) and one.__module__ == imported.__name__:
                found.add(name)
    bases = {
        "LeftOnce",
        "Dialog",
        "FileDialog",
        "OwnSide",
        "ReportsBase",
        "WalkBase",
        "WalkDialogs",
    }
    bases |= {"WalkKeys", "WalkPanes", "WalkPlaces", "WalkTour", "Walking", "_Explaining"}
    assert found - bases == OPENED_BY_KEYS | OF_LIVE_WALKS | TYPED_INTO
    assert OTHERS


def test_every_kind_of_what_a_door_brings_has_ways() -> None:
    assert {door.brings for door in DOORS} == set(Kind) == {way.takes for way in WAYS}


def test_every_family_is_in_the_corpus_and_no_text_twice() -> None:
    assert {one.family for one in CORPUS} == set(Family)
    assert len({one.octets for one in CORPUS}) == len(CORPUS)
    assert scenario_names()
