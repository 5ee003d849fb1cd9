"""What commands answer, and the forms it is written in."""
