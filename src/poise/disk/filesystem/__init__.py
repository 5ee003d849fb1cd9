"""From a volume to files: ext of our own; XFS, NTFS and FAT through the libyal bindings."""
