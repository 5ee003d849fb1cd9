"""How single kinds of Amazon EC2 are read; `ec2` puts them together."""
