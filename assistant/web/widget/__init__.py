"""The widget, which adds the chat to pages of other sites by a line that their owners paste."""
