"""What SECURITY.md claims, held by tests: every claim there names one that stands here or elsewhere.

What is proved: addresses that strangers name lead to no place inside (``test_fetching``), opening what
was saved or pasted reaches nobody (``test_opening``), no secret of the user or the machine comes into a
trace, report, letter or log (``test_canaries``), files are private, whole and nobody else's
(``test_files``), the packages call no shell and no reader that runs what it reads (``test_sources``),
and commands that a person may copy are words, whatever a peer put into them (``test_commands``).

``audited`` watches the interpreter itself: what it connects to, runs and writes while a test looks.
``python -m tests.security.audit`` asks for known vulnerabilities of the pinned versions (``make audit``).
"""
