"""Attack paths: how an attacker would get from an entry to a target, and which fix breaks it."""
