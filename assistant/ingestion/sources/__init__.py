"""Documents that are fetched: web pages, sitemaps, Git repositories and ZIP archives, kept as files.

The way: ``fetching`` asks each source what it has (``web_sources``, ``git_source``), all by way of
``web_client`` or a Git that may go nowhere else, and writes it by ``mirror``, which remembers what
was fetched and when. Nothing is fetched that ``corpus.toml`` or the command line does not name.
"""
