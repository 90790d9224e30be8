"""The web chat: Gradio's page, the conversation and its HTML."""
