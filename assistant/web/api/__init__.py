"""The HTTP APIs: the product's own and OpenAI's form."""
