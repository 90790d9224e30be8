"""What every stage needs to look at a text."""
