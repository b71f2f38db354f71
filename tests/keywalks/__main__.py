"""Walk the interface by keys: ``python -m tests.keywalks``; see ``--help``."""

import argparse
import asyncio
import gc
import math
import re
import sys
import tempfile
import time
from pathlib import Path

from tests.keywalks.cases import Case, cases
from tests.keywalks.keys import declared, every_screen, every_view
from tests.keywalks.onterminal import CHECKS
from tests.keywalks.walker import AT_RANDOM, KeyWalk, Walked

_GC = 20_000  # every key makes a picture's worth of small things, which the collector need not look through


def on_terminals() -> list[str]:
    """Make all checks on a real terminal; return what was wrong."""
    wrong = []
    for name, check in CHECKS.items():
        with tempfile.TemporaryDirectory(prefix="keywalks-") as home:
            try:
                found = check(Path(home))
            except AssertionError as error:
                found = [str(error)]
        wrong += [f"{name}: {each}" for each in found]
        print(f"{name}: {'; '.join(found) or 'as it should be'}", file=sys.stderr, flush=True)
    return wrong


def walked_by_keys(case: Case, seed: int, at_random: int = AT_RANDOM) -> Walked:
    """Walk one case on a loop of its own."""
    return asyncio.run(KeyWalk(case, seed, at_random).run())


def main() -> int:
    """Walk the cases asked for; print the figures; return 1 when anything was wrong."""
    asked = _arguments()
    chosen = [] if asked.terminal else _chosen(asked)
    gc.set_threshold(_GC)
    begun = time.monotonic()
    until = begun + 60 * asked.minutes if asked.minutes else math.inf
    total, made = Walked(), []
    for case in chosen:
        if time.monotonic() > until:
            break
        done = walked_by_keys(case, asked.seed, asked.keys)
        made.append(case)
        total.add(done)
        for line in done.wrong:
            print(f"WRONG {line}", flush=True)
            print(f"      python -m tests.keywalks --seed {asked.seed} --replay {case}", flush=True)
        if asked.verbose or not len(made) % 25:
            seconds = time.monotonic() - begun
            words = f"{len(made)} of {len(chosen)} walks, {total.keys:,} keys, {seconds:.0f} s"
            print(f"{words}: {case}", file=sys.stderr, flush=True)
    for line in _figures(asked, made, len(chosen), total) if made else ():
        print(line)
    alone = asked.replay or asked.only or asked.no_terminal
    unopened = sorted(every_screen() - total.screens)
    if len(made) == len(list(cases())):
        total.wrong += [f"{name} was never opened" for name in unopened]
        print("".join(f"WRONG {name} was never opened\n" for name in unopened), end="")
    elif made:
        print(f"not opened by these walks: {', '.join(unopened) or 'none'}")
    if asked.terminal or not (alone or asked.part[0] != "1"):
        wrong = on_terminals()
        for line in wrong:
            print(f"WRONG on a terminal: {line}")
        print(f"checks on a real terminal: {len(CHECKS)}, wrong: {len(wrong)}")
        total.wrong += wrong
    print(f"{time.monotonic() - begun:.0f} s", file=sys.stderr)
    return 1 if total.wrong else 0


def _figures(asked: argparse.Namespace, made: list[Case], chosen: int, total: Walked) -> list[str]:
    sizes = sorted({case.size for case in made})
    pressed = total.pressed & declared()
    rest = ", ".join(sorted(declared() - pressed))
    return [
        f"walks by keys: {len(made)} of {chosen}, part {asked.part}, seed {asked.seed}",
        f"traces: {len({case.name for case in made if case.kind == 'trace'})}",
        f"sizes: {', '.join(f'{width}x{height}' for width, height in sizes)}",
        f"languages: {', '.join(sorted({case.code for case in made}))}",
        f"screens and windows: {len(total.screens & every_screen())} of {len(every_screen())}",
        f"views: {len(total.views)} of {len(every_view())}",
        f"keys declared and pressed: {len(pressed)} of {len(declared())}; not: {rest or 'none'}",
        f"keys pressed: {total.keys:,}",
        f"messages told: {total.told:,}",
        f"exceptions, log lines, failed workers, dead keys, drawn outside: {len(total.wrong)}",
    ]


def _chosen(asked: argparse.Namespace) -> list[Case]:
    if asked.replay:
        return [Case.parse(asked.replay)]
    at, parts = (int(each) for each in asked.part.split("/"))
    found = [case for case in cases() if re.search(asked.only, str(case))]
    return found[at - 1 :: parts]


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.keywalks", description=__doc__)
    parser.add_argument("--part", default="1/1", help="one part of so many: 1/8 to 8/8")
    parser.add_argument("--seed", type=int, default=8, help="of the keys at random")
    parser.add_argument("--keys", type=int, default=AT_RANDOM, help="at random, for each walk")
    parser.add_argument("--only", default="", help="cases with such names (screen:|live:, 80x24)")
    parser.add_argument("--replay", default="", help="this case alone")
    parser.add_argument("--minutes", type=float, default=0, help="begin nothing new after so many")
    parser.add_argument("--terminal", action="store_true", help="the checks on a terminal alone")
    parser.add_argument("--no-terminal", action="store_true", help="walks by keys alone")
    parser.add_argument("--verbose", action="store_true", help="name each walk when it is done")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
