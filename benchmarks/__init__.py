"""What measures quality by setting, speed and memory; runnable by anyone from the repository."""
