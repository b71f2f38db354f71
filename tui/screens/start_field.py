"""The start screen's field and what is said below it: what a text means, and the keys for it."""

from textual.content import Content
from textual.events import Paste
from textual.message import Message

from mxwalk import limits
from mxwalk.language import say
from tui.meaning import Meaning, of_a_part
from tui.understand import nothing_in, pasted_text, understand
from widgets.fields import LineField, cut_text, tell_cut
from widgets.glyphs import glyphs
from widgets.hints import Hint
from widgets.plain import Look, line


class TargetField(LineField):
    """The field; a text of many lines that is pasted into it is taken whole, if it tells anything."""

    class Pasted(Message):
        """Lines that are a message, or tell something: a bounce, a log, a dialogue."""

        def __init__(self, meaning: Meaning) -> None:
            super().__init__()
            self.meaning = meaning

    def advice(self) -> str:
        """Name the command that reads more."""
        return read_from_a_file()

    def _on_paste(self, event: Paste) -> None:
        cut = cut_text(event.text, limits.PASTED_CHARS)
        meaning = pasted_text(cut.text)
        lines = cut.text.strip().splitlines()
        if meaning is None and len(lines) > 1 and not understand(lines[0]).usable:
            meaning = Meaning(problem=nothing_in(cut.text))
        if meaning is not None:  # else the field's own handlers, which run after this one
            event.prevent_default()
            event.stop()
            if cut:
                meaning = of_a_part(meaning)
                tell_cut(self, cut, self.advice())
            self.post_message(self.Pasted(meaning))


def read_from_a_file() -> str:
    """Say what reads a text that is too long to paste."""
    return say("More is read from a file: {command}", command="mxwalk clue FILE")


def meaning_line(meaning: Meaning) -> Content:
    """Return the line below the field."""
    if meaning.problem:
        return line((f"{glyphs().warn} ", Look.WARN), (meaning.problem, Look.WARN))
    if meaning.usable:
        return line((f"{glyphs().next} ", Look.ACCENT), meaning.words)
    quiet = say("Nothing is sent before you press Enter, and then only step by step.")
    return line((meaning.hint or quiet, Look.DIM))


def start_hints(meaning: Meaning) -> list[Hint]:
    """Return the footer's hints: what Enter does with the field, and what else is to be had."""
    enter = say("explain") if meaning.clues else say("walk")
    hints = [Hint(key="Enter", words=enter, action="screen.submit")]
    if meaning.surveyable:
        hints.append(Hint(key="F3", words=say("what it publishes"), action="screen.survey"))
    if not meaning.usable:
        hints.append(Hint(key="F5", words=say("paste"), action="screen.paste_box"))
        hints.append(Hint(key="F4", words=say("a message"), action="screen.ask_message"))
    return [
        *hints,
        Hint(key="F2", words=say("options"), action="screen.toggle_options"),
        Hint(key="Down", words=say("list"), action="screen.focus_list"),
        Hint(key="Esc", words=say("quit"), action="screen.leave"),
        Hint(key="F1", words=say("help"), action="app.help"),
    ]
