"""No verdict is better than its evidence: what is taken away never turns a failure into a success."""
