"""One ordinary asset of each kind, for examples and tests."""
