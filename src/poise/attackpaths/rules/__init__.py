"""The steps of attackers: one file each. The file's name is the id of the rule."""
