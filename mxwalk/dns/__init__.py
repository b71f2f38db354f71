"""Questions to a recursive resolver, kept as evidence with everything that came back."""
