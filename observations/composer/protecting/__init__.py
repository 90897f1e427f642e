"""People: what could make somebody recognised, what becomes of it, what was taken away."""
