"""Known vulnerabilities of the pinned versions: ``make audit``, or ``python -m tests.security.audit [FILE]``.

pip-audit (in an environment of its own, pinned in ``audit-constraints.txt``) asks PyPI's advisories, or
with ``--service osv`` those of OSV, about every version in ``constraints.txt``.  It ends well also when it
learned nothing of a package; here that is no success.  Exit codes: 0 every version was asked about and
nothing is known against any; 1 something is known; 3 the service did not tell, of all or of some.  Not a
part of ``make test``: its result depends on the day and on the network.
"""

import argparse
import subprocess
import sys
import tomllib
import venv
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import msgspec

ROOT = Path(__file__).parents[2]
PINS = Path(__file__).with_name("audit-constraints.txt")
OWN = ROOT / ".venv" / "audit"
CLEAN, KNOWN, UNTOLD = 0, 1, 3
_PATIENCE_S = 600
_SHOWN = 5  # packages that were not told of, by name

Run = Callable[[Sequence[str]], "subprocess.CompletedProcess[str]"]


class Advisory(msgspec.Struct, frozen=True):
    """What is known against a version; without ``fix_versions`` nothing mends it yet."""

    id: str
    fix_versions: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()


class Package(msgspec.Struct, frozen=True):
    """A pinned version as pip-audit tells of it; with ``skip_reason`` it was not asked about."""

    name: str
    version: str = ""
    vulns: tuple[Advisory, ...] = ()
    skip_reason: str = ""


class Report(msgspec.Struct, frozen=True):
    """pip-audit's answer."""

    dependencies: tuple[Package, ...]


def pinned(file: Path) -> tuple[str, ...]:
    """Return the lines of a constraints file that pin a version."""
    lines = (line.split("#")[0].strip() for line in file.read_text("utf-8").splitlines())
    return tuple(line for line in lines if "==" in line)


def judged(report: Report, asked: int) -> tuple[int, list[str]]:
    """Return the exit code and what to say of the answer about ``asked`` versions."""
    told = [one for one in report.dependencies if not one.skip_reason]
    untold = [one.name for one in report.dependencies if one.skip_reason]
    missing = asked - len(told)
    lines = []
    count = 0
    for package in told:
        for one in package.vulns:
            count += 1
            fixed = ", ".join(one.fix_versions) or "no version yet"
            names = ", ".join((one.id, *one.aliases))
            lines.append(f"{package.name} {package.version}: {names}; mended in {fixed}")
    lines.append(
        f"audit: {len(told)} of {asked} pinned versions told of, {count} vulnerabilities known"
    )
    if missing:
        some = ", ".join(untold[:_SHOWN]) or "without names"
        more = f" and {missing - _SHOWN} more" if missing > _SHOWN and untold else ""
        lines.append(f"audit: INCOMPLETE, nothing was told of {missing} versions ({some}{more})")
    if count:
        return KNOWN, lines
    return (UNTOLD if missing else CLEAN), lines


def audit(file: Path, service: str, run: Run) -> tuple[int, list[str]]:
    """Ask about every version pinned in ``file``; return the exit code and what to say."""
    words = ["-r", str(file), "--no-deps", "--disable-pip", "--format", "json"]
    words += ["--progress-spinner", "off", "--vulnerability-service", service]
    try:
        done = run([str(OWN / "bin" / "pip-audit"), *words])
        report = msgspec.json.decode(done.stdout, type=Report)
    except (OSError, subprocess.TimeoutExpired) as error:
        return UNTOLD, [f"audit: NOT DONE, pip-audit did not run: {error}"]
    except msgspec.DecodeError:
        why = done.stderr.strip().splitlines()[-1:] or [f"exit code {done.returncode}"]
        return UNTOLD, [
            f"audit: NOT DONE, the service {service} could not be asked: {why[0][:300]}"
        ]
    return judged(report, len(pinned(file)))


def installed(run: Run) -> str:
    """Make the environment of pip-audit; return why there is none, empty when there is."""
    group = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["dependency-groups"][
        "audit"
    ]
    try:
        if not (OWN / "bin" / "python").exists():
            venv.create(OWN, with_pip=True)
        pip = [str(OWN / "bin" / "python"), "-m", "pip", "install", "--quiet"]
        done = run([*pip, "--disable-pip-version-check", "-c", str(PINS), *group])
    except (OSError, subprocess.SubprocessError) as error:
        return str(error)
    return "" if not done.returncode else (done.stderr.strip().splitlines() or ["no reason"])[-1]


def system(words: Sequence[str]) -> "subprocess.CompletedProcess[str]":
    """Run a program for a bounded time and return what it said."""
    return subprocess.run(
        words, capture_output=True, text=True, timeout=_PATIENCE_S, check=False, cwd=ROOT
    )


def main(arguments: Sequence[str] | None = None, run: Run = system) -> int:
    """Install what is needed, ask, print, and return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.security.audit")
    parser.add_argument("file", nargs="?", type=Path, default=ROOT / "constraints.txt")
    parser.add_argument("--service", choices=("pypi", "osv"), default="pypi")
    asked: Any = parser.parse_args(arguments)
    if why := installed(run):
        sys.stdout.write(f"audit: NOT DONE, pip-audit could not be installed: {why}\n")
        return UNTOLD
    code, lines = audit(asked.file, asked.service, run)
    sys.stdout.write("\n".join(lines) + "\n")
    return code


if __name__ == "__main__":
    sys.exit(main())
