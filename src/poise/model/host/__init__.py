"""Typed records of machines: what their disks say of them."""
