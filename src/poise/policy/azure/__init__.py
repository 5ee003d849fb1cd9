"""What Azure's rules mean: network reach, public end points, roles."""
