"""Known vulnerabilities: advisory feeds, version comparison and matching against installed packages."""
