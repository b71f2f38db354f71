"""Hostile text through every door and out of every way: nothing but visible text arrives.

What is proved: whatever a peer, a file, the environment or the command line says (``tests.hostile``), what
comes out of the product is text that a person sees as it is.  No control character but the line feed,
nothing bidirectional or without a glyph, no stack of marks, no markup that a terminal, a browser, a
Markdown renderer or a mail program acts on.

``doors`` are the ways in and ``ways`` the ways out, a line each; every way is tried with what every door
brings.  ``seen`` and ``documents`` hold what comes out against what may come out, by a reading of their own
(the Unicode categories, an HTML and a Markdown parser), not by the product's.  ``terminal`` runs the program
in a pseudo-terminal and reads every octet it writes there (``ansi``), ``browser`` opens the pages in a
headless Chromium in front of a listener that nobody may call.

``python -m tests.hostility`` tries every text at every door (``make hostility``), the tests a seeded sample.
"""
