"""What a cloud's rules really mean: permissions, exposure, network reach. Pure functions over the model."""
