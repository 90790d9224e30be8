"""The values of a text: numerals, units, dates, quantities."""
