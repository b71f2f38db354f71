"""Where a tour is at its stop: what was done there, and which part of its text is told.

A pure reading of the walk's screen: nothing here performs anything.
"""

from dataclasses import dataclass, field, replace

from mxwalk.lab.tour import Stop, Task, stops
from mxwalk.language import say
from tui.actions import key_words
from tui.request import Request
from widgets.tour_bar import ToDo, TourState

PARTS = ("intro", "see", "question", "answer")
NEXT, BACK, LEAVE = "tour.next", "tour.back", "tour.leave"


@dataclass(frozen=True, slots=True)
class Seen:
    """What of a walk's screen tells that a task is done."""

    steps: int = 0
    is_over: bool = False
    view: str = ""
    sender: str = ""
    screen: str = ""


@dataclass(frozen=True, slots=True)
class AtStop:
    """The stop's number, the part told (of ``PARTS``), and which tasks were done."""

    number: int
    part: int = 0
    done: frozenset[int] = field(default=frozenset())

    @property
    def stop(self) -> Stop:
        """The stop in the language spoken."""
        return stops()[self.number]

    def seeing(self, seen: Seen) -> "AtStop":
        """Return the place after a look at the screen; all done, it tells what there is to see."""
        tasks = self.stop.tasks
        done = set(self.done)
        for at, task in enumerate(tasks):  # in their order: the end alone is not what was asked for
            if at not in done and all(before in done for before in range(at)):
                done |= {at} if is_done(task, seen) else set()
        found = frozenset(done)
        part = 1 if self.part == 0 and len(found) == len(tasks) else self.part
        return self if found == self.done else replace(self, done=found, part=part)

    def onward(self) -> "AtStop | None":
        """Return the next part or stop; ``None`` behind the last."""
        if self.part + 1 < len(PARTS):
            return replace(self, part=self.part + 1)
        return AtStop(self.number + 1) if self.number + 1 < len(stops()) else None

    def back(self) -> "AtStop | None":
        """Return the part before or the stop before; ``None`` before the first."""
        if self.part:
            return replace(self, part=self.part - 1)
        return AtStop(self.number - 1) if self.number else None


def is_done(task: Task, seen: Seen) -> bool:
    """Return whether the screen shows that a task was done."""
    what, _, value = task.done.partition(":")
    match what:
        case "steps":
            return seen.steps >= int(value)
        case "over":
            return seen.is_over
        case "view":
            return seen.view == value
        case "sender":
            return seen.sender == value
        case "screen":
            return seen.screen == value
    return False


def request_for(number: int) -> Request:
    """Return the walk of a stop."""
    stop = stops()[number]
    return Request(scenario=stop.scenario, sender=stop.sender, tour=number)


def bar_state(place: AtStop, keymap: dict[str, str]) -> TourState:
    """Return what the bar shows, with the keys as mapped."""
    stop = place.stop
    to_do = tuple(
        ToDo(key_words(keymap.get(task.action, task.key)), task.words, at in place.done)
        for at, task in enumerate(stop.tasks)
    )
    return TourState(
        at=place.number + 1,
        of=len(stops()),
        title=stop.title,
        text=str(getattr(stop, PARTS[place.part])),
        to_do=to_do if place.part == 0 else (),
        keys=_keys(place, keymap),
    )


def _keys(place: AtStop, keymap: dict[str, str]) -> tuple[tuple[str, str], ...]:
    match PARTS[place.part]:
        case "intro":
            onward = say("what is seen")
        case "see":
            onward = say("a question")
        case "question":
            onward = say("the answer")
        case _:
            is_last = place.number + 1 == len(stops())
            onward = say("ends the tour") if is_last else say("next stop")
    return (
        (key_words(keymap.get(NEXT, "t")), onward),
        (key_words(keymap.get(BACK, "T")), say("back")),
        (key_words(keymap.get(LEAVE, "f9")), say("leaves the tour")),
    )
