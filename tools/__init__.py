"""Tools of those who work on Poise; none of it is installed."""
