"""mxwalk walks an SMTP delivery over TLS one step at a time and records what it sees.

A walk performs steps and records evidence; everything a person sees is a pure function of that
evidence.  The engine knows no terminal UI and can be imported alone.
"""

__version__ = "0.1.0"
