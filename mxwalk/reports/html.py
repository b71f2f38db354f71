"""The report as one HTML file: no script, no remote resource, for a phone, a screen and paper.

Autoescape is on and no value is marked safe, so nothing a server said becomes markup.  The content
security policy allows the one style sheet by its hash and nothing else (CSP Level 3, 2.3.1).
"""

import base64
import hashlib
from importlib import resources

from markupsafe import Markup

from mxwalk.evidence.trace import Trace
from mxwalk.reports.pages import environment
from mxwalk.reports.view import build_view


def render_html(trace: Trace, sender: str) -> str:
    """Return the HTML document."""
    style = (resources.files("mxwalk.reports") / "templates" / "report.css").read_text("utf-8")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    page = environment(autoescape=True, filters={})
    return page.get_template("report.html.j2").render(
        report=build_view(trace, sender).report,
        style=Markup(style),  # noqa: S704 - the package's own file
        policy=f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'",
    )
