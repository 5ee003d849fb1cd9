"""The checks we ship, one file each; the path is the id."""
