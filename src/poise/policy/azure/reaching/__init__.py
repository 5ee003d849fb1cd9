"""The hops of Azure networks: interfaces, security groups, routes, peerings, and the firewalls of services."""
