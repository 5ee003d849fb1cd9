"""The explorer: a query in three forms (JSON, one line of text, cards), checked, evaluated and explained."""
