"""The web chat: Gradio's page, the conversation, its HTML."""
