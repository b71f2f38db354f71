"""Coverage-guided fuzzing: what is promised of every reader of foreign bytes, tried with bytes nobody chose.

Each target is one module of ``tests.fuzz.targets``: what it feeds, what it promises beyond "no
exception", and where its first inputs come from.  ``make fuzz TIME=60`` runs them with atheris
(libFuzzer for Python), which keeps what reaches new code; ``make test`` runs the same functions over
the small corpora and over everything ever found, without atheris.  An input is read the same way in both:
by ``tests.fuzz.choices``.
"""
