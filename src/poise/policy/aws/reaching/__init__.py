"""The hops of AWS networks: where interfaces stand, and what addresses, routes, ACLs and groups let through."""
