"""Write the shipped schemas anew."""

from mxwalk.reports.schema import shipped

for path, content in shipped().items():
    path.write_text(content, encoding="utf-8")
