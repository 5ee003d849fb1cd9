"""Governance: who owns a finding and by when it is due."""
