"""The catalogue of escalations, one TOML row each. Read by `poise.policy.kubernetes.escalation`."""
