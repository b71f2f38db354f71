"""The optional settings of a walk as one compact form: a label and a field a line."""

from collections.abc import Mapping
from dataclasses import dataclass

from textual.app import ComposeResult
from textual.containers import Horizontal, VerticalScroll
from textual.widgets import Input, Label

from mxwalk.language import say
from widgets.fields import LineField
from widgets.plain import line


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field: its name, label, and what stands in it while it is empty."""

    name: str
    label: str
    hint: str


class OptionsForm(VerticalScroll, can_focus=False):
    """Fields in two columns where there is room; ``values`` gives what was filled in."""

    DEFAULT_CSS = """
    OptionsForm { height: auto; layout: grid; grid-size: 2; grid-gutter: 0 2; grid-rows: 1; }
    OptionsForm Horizontal { height: 1; }
    OptionsForm Label { width: 13; text-style: dim; }
    OptionsForm Input { width: 1fr; height: 1; border: none; padding: 0 1; background: $boost; }
    OptionsForm Input:focus { border: none; background: $block-cursor-blurred-background; }
    """

    def __init__(self, fields: tuple[Field, ...], *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id)
        self._fields = fields

    def compose(self) -> ComposeResult:
        """One line a field."""
        for field in self._fields:
            with Horizontal():
                yield Label(line(say(field.label)))
                yield LineField(placeholder=say(field.hint), id=f"option-{field.name}")

    def values(self) -> dict[str, str]:
        """Return the fields that were filled in."""
        found = {}
        for field in self._fields:
            text = self.query_one(f"#option-{field.name}", Input).value.strip()
            if text:
                found[field.name] = text
        return found

    def fill(self, values: Mapping[str, str]) -> None:
        """Put values into the fields."""
        for field in self._fields:
            if field.name in values:
                self.query_one(f"#option-{field.name}", Input).value = values[field.name]
