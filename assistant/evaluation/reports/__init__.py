"""The report on an evaluation: results, plots, the page."""
