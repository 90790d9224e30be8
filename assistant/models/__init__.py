"""One neural model a file; no machine-learning library is imported anywhere else."""
