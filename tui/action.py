"""One key of the interface as it is declared: what it does, and in which words.

An id is stable and is what a settings file remaps.
"""

from dataclasses import dataclass

from textual.binding import Binding


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """One thing a person can do: its id, key or keys, Textual action, and words."""

    id: str
    key: str
    action: str
    words: str
    tooltip: str
    priority: bool = False

    @property
    def binding(self) -> Binding:
        """The Textual binding of this action."""
        return Binding(
            self.key,
            self.action,
            self.words,
            id=self.id,
            tooltip=self.tooltip,
            priority=self.priority,
            show=False,
        )


def declared(
    name: str, key: str, action: str, words: str, tooltip: str, *, priority: bool = False
) -> Action:
    """Return an action; ``words`` are the footer's hint, ``tooltip`` the sentence of help."""
    return Action(id=name, key=key, action=action, words=words, tooltip=tooltip, priority=priority)
