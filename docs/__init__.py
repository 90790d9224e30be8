"""The documentation's pages, and the programs that make parts of them."""
