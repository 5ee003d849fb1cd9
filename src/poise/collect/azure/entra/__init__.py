"""Service modules of Microsoft Graph: they read a tenant, where those beside them read a subscription."""
