"""One target under libFuzzer: ``python -m tests.fuzz.engine NAME FOLDER [-option=...] [CORPUS...]``.

It has a process of its own, and FOLDER for a file of its words.  The product's modules are instrumented
as they are imported, also those that are imported late; the options are libFuzzer's.  An input that breaks
the promise is written where ``-artifact_prefix`` says, and the process ends with libFuzzer's code for it.
"""

import contextlib
import sys
import zlib
from pathlib import Path

import atheris  # type: ignore[import-untyped,unused-ignore]

from tests.fuzz.choices import Choices
from tests.fuzz.model import Target, run
from tests.fuzz.registry import kept_inputs, load

# Counting calls makes a run several times slower: one input in so many is metered, chosen by its octets.
_METERED_OF = 16
# How often an input is changed by its structure rather than by its octets.
_STRUCTURED_OF = 2


def _mutator(target: Target):  # type: ignore[no-untyped-def]
    def mutate(data: bytes, max_size: int, seed: int) -> bytes:
        if seed % _STRUCTURED_OF == 0:
            changed = target.mutate(data, Choices(_spread(seed)))
            if changed is not None and len(changed) <= max_size:
                return changed
        return bytes(atheris.Mutate(data, max_size))

    return mutate


def _spread(seed: int) -> bytes:
    """Return some hundred octets that a seed stands for."""
    blocks = (zlib.crc32(f"{seed} {number}".encode()) for number in range(64))
    return b"".join(block.to_bytes(4, "big") for block in blocks)


def _escaped(word: bytes) -> str:
    return "".join(
        chr(one) if 32 <= one < 127 and one not in b'"\\' else f"\\x{one:02x}" for one in word
    )


def _warm_up(target: Target, name: str) -> None:
    """Load what the product loads late: instrumenting a module takes calls that are not the input's."""
    for path in kept_inputs(name):
        # What breaks a promise here breaks it again under libFuzzer, which tells of it.
        with contextlib.suppress(Exception):
            target.check(path.read_bytes())


def main() -> None:
    """Fuzz until libFuzzer's options say stop."""
    name = sys.argv[1]
    with atheris.instrument_imports(include=["mxwalk", "tui"]):
        target = load(name)

        def check(data: bytes) -> None:
            run(target, data, metered=zlib.crc32(data) % _METERED_OF == 0)

        _warm_up(target, name)
        words = Path(sys.argv[2]) / "words"
        words.write_text("".join(f'"{_escaped(word)}"\n' for word in target.words))
        own = [f"-max_len={target.max_len}", f"-dict={words}"]
        options = [f"tests.fuzz.engine {name}", *own, *sys.argv[3:]]
        if target.mutate is Target.__dataclass_fields__["mutate"].default:
            atheris.Setup(options, check)
        else:
            atheris.Setup(options, check, custom_mutator=_mutator(target))
        atheris.Fuzz()


if __name__ == "__main__":
    main()
