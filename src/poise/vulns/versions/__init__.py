"""How versions are ordered, one module per family of packages; each gives a key that sorts."""
