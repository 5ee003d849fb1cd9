"""What a Terraform plan would change in the records of assets: one file for each area of a provider."""
