"""What a walk may use up, and what survives when something is used up or ends the program.

What is proved: every maximum of ``mxwalk.limits`` is held by a test that fails without it (``bounds``,
``mutate``); a thousand walks in one process leave memory, descriptors, tasks, threads and caches as
they were (``soak``); a walk killed at any moment leaves a trace that opens with every step that was
told (``killed``); a full disk, and a home directory that cannot be written, cost the saving and never
the walk (``test_full_disk``, ``test_read_only``).

Everything runs on the lab, on loopback.  ``make soak`` runs the soak and the kills in full; ``make
test`` holds some of each.
"""
