"""The page of JSON documents: the report and the comparison, from their types."""

from mxwalk.reports import comparison_json
from mxwalk.reports.model import SCHEMA, Report
from tests.docs.struct_pages import prose, table


def page() -> str:
    """Return the page."""
    parts = [
        "# JSON\n",
        "Written by `make docs` from the types.  A document names its schema in the member `schema`; what is removed",
        "or changes its meaning gets a new name, what is added does not.\n",
        f"## The report, `{SCHEMA}`\n",
        "```\nmxwalk check --lab esa-hosted --format json\nmxwalk report today.mxtrace --format json\n```\n",
        "Its JSON Schema (2020-12) is [`report.schema.json`](../mxwalk/reports/schema/report.schema.json), installed",
        "with the package:\n",
        (
            '```\npython -c \'from importlib.resources import files; print(files("mxwalk.reports.schema")'
            '.joinpath("report.schema.json").read_text())\'\n```\n'
        ),
        prose(Report) + "\n",
        *table(Report),
        "",
        f"## The comparison, `{comparison_json.SCHEMA}`\n",
        "```\nmxwalk diff --lab dane-good dane-mismatch --format json\n```\n",
    ]
    for kind in (
        comparison_json.Document,
        comparison_json.Walk,
        comparison_json.Row,
        comparison_json.Value,
        comparison_json.Piece,
    ):
        parts += [f"### {kind.__name__}\n", prose(kind) + "\n", *table(kind), ""]
    parts += [
        "## Others\n",
        "`--format json` of `clue`, `dmarc`, `letter`, `policy`, `self`, `spf` and `tlsrpt` writes one object (of",
        "`self` a list), whose members bear the names of what the text shows.  These have no published schema yet.\n",
    ]
    return "\n".join(parts)
