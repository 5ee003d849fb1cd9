"""What AWS policies and network rules mean."""
