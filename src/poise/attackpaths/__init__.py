"""Attack paths: what somebody outside can reach, step by step, and which facts to change so that nobody can.

`rules/` holds one file for each step that an attacker can take, `fixes/` one for each kind of fact that breaks steps.
The engine derives steps from the security graph, searches them, folds alike paths into findings, ranks where paths
meet, and proves fixes by changing records and running again.
"""
