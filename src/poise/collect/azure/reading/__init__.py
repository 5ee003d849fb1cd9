"""How Azure answers are read: from the live API or from a folder of recorded answers, behind one protocol."""
