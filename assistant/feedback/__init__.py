"""What readers said of answers: recorded, kept, deleted."""
