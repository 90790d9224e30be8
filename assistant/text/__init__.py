"""What every stage needs to examine a text."""
