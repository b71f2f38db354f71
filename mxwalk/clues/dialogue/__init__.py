"""SMTP dialogues that somebody pasted, read into a trace that can be looked at like a walk's own.

A form is the way one tool writes a dialogue down; each is a module of ``forms``.  What they have in
common is in ``parts``.
"""
