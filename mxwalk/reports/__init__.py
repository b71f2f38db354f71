"""A trace as a report: text, Markdown, HTML, JSON, or the trace itself.  Reads evidence only."""
