"""A fault at every byte: whole walks on the lab through a wire that breaks wherever it can.

What is proved: whatever one fault at one octet of one direction does to a walk (a FIN or RST, silence,
delay, octets lost, doubled or changed, on the wire, in the TLS records, inside TLS, in a DNS message),
the walk ends within its time, says at which step and why, its journal is whole, verdicts, findings
and a report can be made of it, nothing of it is left in the process, and no verdict is better than
the evidence.  All of it is told by a reading of the octets of its own (``truth``, ``witness``,
``oracle``), not by the product's: why, in which words and at which step from what was done to which octet
(``ended``, ``struck``, ``answered``), and what a verdict does not know from what was harmed (``undecided``).

Time is virtual (``jumping``): the loop's clock jumps to the next timer when nothing else can happen, so
that a minute of silence costs a millisecond and no result depends on the machine's speed.

``python -m tests.torture`` tries every position (``--every N`` each Nth), ``test_sample`` some of them.
"""
