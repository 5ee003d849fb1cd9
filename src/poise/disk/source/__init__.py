"""Where the blocks of a disk come from: image files, devices, EBS snapshots, Azure snapshots."""
