"""Find the passages that a question is about."""
