"""What is worth saying about a delivery: a catalogue of stable codes and the rules behind them.

Rules read a ``Delivery`` and never do I/O; ``check`` in ``mxwalk.findings.registry`` runs them.
"""
