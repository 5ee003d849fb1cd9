"""Container images: their layers put together into one tree, from a folder, a tarball or a registry."""
