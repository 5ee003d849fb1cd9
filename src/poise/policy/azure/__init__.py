"""What Azure's rules mean: who may do what, network reach, public end points. What others call:

`poise.policy.azure.permissions` (documents in; nothing is raised, what was not read is given as ``Unread``)
    - ``can(principal, action, scope, inputs: Inputs) -> Answer``: the roles tell the plane of the action
    - ``evaluate(Request(principal=, action=, scope=, is_data=, attributes=, sub_operation=, is_complete=, at=),
      inputs) -> Answer``
    - ``Inputs(assignments=, roles=, groups=, eligible_groups=, denies=, parents=, classic=, locks=)``
`poise.policy.azure.assignments`
    - ``Assignment.of(document)``, ``Assignment.of_record(record)``, ``by_principal(assignments) -> Index``
    - ``DenyAssignment.of(document)``, ``Lock.of(document)``, ``ClassicAdministrator(principal, role, scope)``
`poise.policy.azure.definitions`
    - ``roles_of(documents) -> dict[guid, Role]``, ``Role.of_record(record)``
`poise.policy.azure.scopes`
    - ``lowered(parents) -> Parents``: where subscriptions and management groups hang, ready for ``Inputs``
`poise.policy.azure.questions`
    - ``who_can(action, scope, inputs) -> Iterator[(principal, Answer)]``
    - ``what_can(principal, actions, scope, inputs) -> Iterator[(action, Answer)]``
`poise.policy.azure.directory`
    - ``can_in_directory(principal, action, target: Target, inputs: DirectoryInputs) -> Answer``
    - ``holds_app_role(application, permission, inputs: DirectoryInputs) -> Answer``
`poise.policy.azure.vaults`
    - ``can_in_vault(request, inputs, *, uses_roles, policies) -> Answer``
    - ``can_take_over(request, inputs, *, uses_roles) -> Answer``
`poise.policy.azure.storage`
    - ``ways_to_data(request, inputs, *, shared_keys) -> Iterator[Reached]``: data role, account keys, signatures
    - ``anonymous_exposure(container_access, account_permits) -> Exposure``
`poise.policy.azure.escalation`
    - ``escalations_for(principal, scope, inputs, directory=None) -> tuple[Found, ...]``, ``catalogue()``
`poise.policy.azure.conditions`, `poise.policy.azure.attributes`
    - ``parse_condition(text) -> Condition``, ``holds(condition, facts) -> Truth``, ``decide(leaf, facts)``: the test
      of a residual leaf is a leaf of the condition, or ``("activation", id)``
`poise.policy.azure.positions`
    - ``possible(answer, Position(known=, can_activate=)) -> frozenset[bool]``, ``from_internet(now) -> Position``
`poise.policy.azure.roles`, `nsg`, `reach`, `exposure`, `ports`
    - single roles, security groups, machines that the internet reaches, end points with a firewall
"""
