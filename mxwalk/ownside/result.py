"""What a check of this machine came to."""

from dataclasses import dataclass

from mxwalk.delivery.mark import Mark


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One check's result: ``id`` is stable, ``label`` and ``words`` are for people.

    ``state`` is in order, worth a look, wrong, not known, or only worth knowing; ``fix`` is what to do
    about it.
    """

    id: str
    label: str
    state: Mark
    words: str
    fix: str = ""
