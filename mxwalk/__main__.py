"""``python -m mxwalk`` does what the ``mxwalk`` command does."""

from mxwalk.cli import main

main()
