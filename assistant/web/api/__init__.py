"""The HTTP APIs: the product's own, and one compatible with OpenAI's."""
