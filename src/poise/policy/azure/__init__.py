"""What Azure rules mean."""
