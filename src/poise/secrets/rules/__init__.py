"""The secret rules, one family a file; each file's ``RULES`` is tried in order, exact ones first."""
