"""A walk repeated at an interval until a condition holds, with its history."""
