"""What the catalogue says of a code, for who comes to it by its name."""

from tui.screens.explain import EntryScreen


class CodeScreen(EntryScreen):
    """The explanation of a code, in whatever case it was typed; ``y`` copies it."""

    def __init__(self, code: str) -> None:
        super().__init__(code.strip().upper())
