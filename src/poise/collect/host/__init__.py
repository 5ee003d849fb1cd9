"""Hosts behind SSH: the list of them, the session, and their files as a tree."""
