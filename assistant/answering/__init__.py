"""The two engines, and the citations that support statements."""
