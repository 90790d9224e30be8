"""The operator's page: what readers asked, and what found no answer."""
