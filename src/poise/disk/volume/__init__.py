"""From a disk to volumes: container formats, partition tables, LVM, LUKS."""
