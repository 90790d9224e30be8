"""Documents as readers see them: the source pane and the original files."""
