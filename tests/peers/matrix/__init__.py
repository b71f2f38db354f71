"""Every peer in every situation, by every opinion to be had; what differs is explained, or it is wrong.

``python -m tests.peers.matrix`` runs it and writes ``docs/interoperability.md``.
"""
