"""How single kinds of Amazon VPC are read; `vpc` puts them together."""
