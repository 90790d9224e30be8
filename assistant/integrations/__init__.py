"""Other people's frameworks: LangChain."""
