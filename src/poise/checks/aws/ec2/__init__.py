"""Checks of Amazon EC2 and EBS: machines, disks, copies and images."""
