"""The judge of Google Cloud policies."""
