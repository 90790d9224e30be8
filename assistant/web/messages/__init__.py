"""Messages that other rooms write in English, in the reader's language."""
