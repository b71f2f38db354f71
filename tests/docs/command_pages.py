"""The pages of commands and of exit codes, from what the command line says of itself."""

import re
from collections.abc import Iterator

import click

from mxwalk.cli import cli

_MARK = "\b\n"
_CODE = re.compile(r"(?:Exit codes?:?\s*|(?<=\.)\s+|^\s*)(\d{1,3})[:\s]\s*", re.MULTILINE)


def commands() -> Iterator[tuple[str, click.Command]]:
    """Yield every command that is shown, by name; ``walk`` needs none and comes first."""
    yield "walk", cli.commands["walk"]
    for name, command in sorted(cli.commands.items()):
        if not command.hidden:
            yield name, command


def help_parts(command: click.Command) -> Iterator[tuple[bool, str]]:
    """Yield the paragraphs of a command's help; ``True`` with those whose lines stay as they are."""
    for part in re.split(r"\n\s*\n", (command.help or "").strip()):
        literal = part.lstrip(" \n").startswith("\b")
        text = part.replace("\b", "").strip("\n")
        yield literal, text if literal else " ".join(text.split())


def examples(command: click.Command) -> list[str]:
    """Return the example command lines in a command's help."""
    return [
        line.strip()
        for literal, text in help_parts(command)
        if literal
        for line in text.splitlines()
        if "mxwalk" in line
    ]


def exit_codes(command: click.Command) -> dict[int, str]:
    """Return the exit codes a command documents, with what they mean."""
    text = f"{command.help or ''}\n{command.epilog or ''}"
    found: dict[int, str] = {}
    listed = re.search(r"Exit codes:\s*\n((?:\s+\d+ .*\n?(?:\s{5,}\D.*\n?)*)+)", text)
    if listed:
        for code, words in re.findall(r"^\s+(\d+)\s+(.+)$", listed[1], re.MULTILINE):
            found[int(code)] = words.strip()
    said = re.search(r"Exit code (\d.*?)(?:\n\s*\n|\Z)", text, re.DOTALL)
    if said:
        line = " ".join(said[1].split())
        for code, words in re.findall(r"(\d+): (.*?)(?=\s\d+: |$)", line):
            found[int(code)] = words.strip().rstrip(".")
    return dict(sorted(found.items()))


def exit_codes_page() -> str:
    """Return the page of exit codes."""
    parts = [
        "# Exit codes\n",
        "Written by `make docs` from what each command says of itself (`mxwalk COMMAND --help`).\n",
        "The general scheme: 0 all is as it should be, 1 there is something to look at, 2 the command line",
        "or a file cannot be used, 3 the answer is no, 4 there is no answer.  130, 143 and 129 are",
        "Ctrl-C, SIGTERM and SIGHUP: a trace is valid as far as it goes.  141 means that whoever read the",
        "output closed it.  70 is a fault of mxwalk itself.  What cannot be told on standard error does not",
        "change the code; results that cannot be written, to a full disk or a closed standard output,",
        "make it 2.\n",
    ]
    for name, command in commands():
        codes = exit_codes(command)
        if codes:
            title = "mxwalk TARGET" if name == "walk" else f"mxwalk {name}"
            parts += [f"## `{title}`\n", "| code | meaning |", "|---|---|"]
            parts += [
                f"| {code} | {words.replace('|', chr(92) + '|')} |" for code, words in codes.items()
            ]
            parts.append("")
    rest = [f"`{name}`" for name, command in commands() if not exit_codes(command)]
    parts.append(
        f"The others ({', '.join(rest)}) end with 0, or with 2 where something cannot be used."
    )
    return "\n".join(parts) + "\n"


def commands_page() -> str:
    """Return the page of commands with all their options."""
    parts = [
        "# Commands\n",
        "Written by `make docs` from the command line itself.  `mxwalk COMMAND --help` says the same, in your",
        "[language](languages.md).  What the exit codes mean: [exit-codes.md](exit-codes.md).\n",
    ]
    for name, command in commands():
        parts.append(f"## mxwalk {'[TARGET]' if name == 'walk' else name}\n")
        parts.append(f"```\n{usage(name, command)}\n```\n")
        for literal, text in help_parts(command):
            parts.append(f"```\n{_dedented(text)}\n```\n" if literal else f"{text}\n")
        rows = list(option_rows(command))
        if rows:
            parts += ["| option | what it does |", "|---|---|"]
            parts += [f"| `{opts}` | {words} |".replace("[", r"\[") for opts, words in rows]
            parts.append("")
    return "\n".join(parts)


def usage(name: str, command: click.Command) -> str:
    """Return the usage line."""
    ctx = click.Context(command, info_name=name)
    words = " ".join(command.collect_usage_pieces(ctx))
    return f"mxwalk {words}" if name == "walk" else f"mxwalk {name} {words}"


def option_rows(command: click.Command) -> Iterator[tuple[str, str]]:
    """Yield options as they are typed and what they do; those not shown are left out."""
    ctx = click.Context(command, info_name=command.name)
    for param in command.params:
        record = param.get_help_record(ctx)
        if record is not None:
            yield record[0].replace("|", r"\|"), record[1].replace("|", r"\|")


def _dedented(text: str) -> str:
    return "\n".join(line.strip() for line in text.splitlines() if line.strip())
