"""Makes the small corpora: ``python -m tests.fuzz.corpus [NAME...] [--from FOLDER]``.

The inputs to begin with come from the targets' own ``seeds`` (made from the lab and the other tests) and
from what a run of the fuzzer has kept in FOLDER/NAME.  Of all of them the smallest set is kept that runs
every line of the product that any of them runs, small inputs first.  Random keys and times make other
bytes each time, so that a corpus is made anew only when there is a reason.
"""

import argparse
import hashlib
import sys
from collections.abc import Iterator
from pathlib import Path
from types import CodeType, FrameType

from tests.fuzz.model import Target
from tests.fuzz.registry import CORPUS, TARGETS, kept_inputs, load

_PRODUCT = str(Path(__file__).parents[2] / "mxwalk")
_MOST_FILES = 40
_MOST_OCTETS = 24 * 1024  # of one target's corpus
Lines = frozenset[tuple[CodeType, int]]


def lines_run(target: Target, data: bytes) -> Lines:
    """Return the lines of the product that an input runs."""
    seen: set[tuple[CodeType, int]] = set()

    def trace(frame: FrameType, event: str, _argument: object):  # type: ignore[no-untyped-def]
        if not frame.f_code.co_filename.startswith(_PRODUCT):
            return None
        if event == "line":
            seen.add((frame.f_code, frame.f_lineno))
        return trace

    sys.settrace(trace)
    try:
        target.check(data)
    finally:
        sys.settrace(None)
    return frozenset(seen)


def smallest(target: Target, inputs: list[bytes]) -> Iterator[bytes]:
    """Yield the inputs that add lines, the one that adds most first, within the corpus's size."""
    run = {
        data: lines_run(target, data)
        for data in sorted(set(inputs), key=lambda one: (len(one), one))
    }
    covered: set[tuple[CodeType, int]] = set()
    octets = 0
    for _ in range(_MOST_FILES):
        best = max(run, key=lambda data: (len(run[data] - covered), -len(data)), default=b"")
        if not run or not run[best] - covered:
            return
        covered |= run.pop(best)
        if octets + len(best) <= _MOST_OCTETS:
            octets += len(best)
            yield best


def make(name: str, more: Path | None) -> str:
    """Make one target's corpus; return a line on it."""
    target = load(name)
    inputs = [data for data in target.seeds() if len(data) <= target.max_len]
    inputs += [path.read_bytes() for path in kept_inputs(name)]
    if more is not None:
        files = sorted((more / name).glob("*"), key=lambda path: path.stat().st_size)
        inputs += [path.read_bytes() for path in files if path.stat().st_size <= target.max_len]
    chosen = list(smallest(target, inputs))
    folder = CORPUS / name
    folder.mkdir(parents=True, exist_ok=True)
    for path in folder.glob("*"):
        path.unlink()
    for data in chosen:
        (folder / hashlib.sha256(data).hexdigest()[:16]).write_bytes(data)
    return f"{name}: {len(chosen)} of {len(inputs)} inputs, {sum(map(len, chosen))} octets"


def main() -> None:
    """Make the corpora that the command line names."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz.corpus", description=__doc__)
    parser.add_argument("names", nargs="*", help="targets; none means all")
    parser.add_argument(
        "--from", dest="more", type=Path, help="a folder with a folder for each target"
    )
    given = parser.parse_args()
    for name in given.names or TARGETS:
        print(make(name, given.more), flush=True)


if __name__ == "__main__":
    main()
