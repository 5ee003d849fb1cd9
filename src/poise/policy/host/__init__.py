"""What the configuration of a machine means: SSH server, kernel parameters, PAM, file modes."""
