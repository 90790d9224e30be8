"""The widget: the chat on pages of other sites, put there by one line that their owners paste."""
