"""Evaluation metrics: the formulas, and how an answer is judged."""
