"""Changes of facts that break steps: one file each. The file's name is the id of the fix."""
