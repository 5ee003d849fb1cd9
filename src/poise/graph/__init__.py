"""The security graph: nodes and edges made of the inventory, and the explorer that asks it."""
