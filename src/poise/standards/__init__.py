"""Standards and the secure score as TOML, one file a version."""
