"""One target under libFuzzer, in a process of its own: ``python -m tests.fuzz.engine NAME [-option=...]``.

The product's modules are instrumented as they are imported, also those that are imported late; the
options are libFuzzer's.  An input that breaks the promise is written where ``-artifact_prefix`` says,
and the process ends with libFuzzer's code for it.
"""

import contextlib
import sys
import warnings
import zlib

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


def _warm_up(target: Target, name: str) -> None:
    """Load what the product loads late: instrumenting a module takes calls that are not the input's."""
    for path in kept_inputs(name):
        # What breaks a promise here breaks it again under libFuzzer, which tells of it.
        with contextlib.suppress(Exception):
            target.check(path.read_bytes())


def main() -> None:
    """Fuzz until libFuzzer's options say stop."""
    warnings.simplefilter("error")  # as in the tests: a warning is a fault
    name = sys.argv[1]
    with atheris.instrument_imports(include=["mxwalk", "tui"]):
        warnings.simplefilter("default")
        target = load(name)

        def check(data: bytes) -> None:
            run(target, data, metered=zlib.crc32(data) % _METERED_OF == 0)

        _warm_up(target, name)
        options = [f"tests.fuzz.engine {name}", *sys.argv[2:]]
        own = Target.__dataclass_fields__["mutate"].default
        if target.mutate is own:
            atheris.Setup(options, check)
        else:
            atheris.Setup(options, check, custom_mutator=_mutator(target))
        atheris.Fuzz()


if __name__ == "__main__":
    main()
