"""The judge of Google Cloud policies. What others call (documents in; what was not read is given as ``Unread``):

`poise.policy.gcp.permissions`
    - ``can(principal: Principal | str, permission, inputs: Inputs, attributes=None) -> Answer``
    - ``evaluate(Request(principal=, permission=, attributes=, api=, tags=, is_complete=), inputs) -> Answer``
    - ``Inputs(nodes=, above=, roles=, groups=, boundaries=, enforced=)``: the asset first, the organization last
`poise.policy.gcp.policies`
    - ``Node.of(name, allow_policy | None | Unread, deny_policies) -> Node``
    - ``Boundary.of(policy, bindings) -> Boundary``, ``roles_of(documents) -> dict[name, permissions]``
`poise.policy.gcp.principals`
    - ``Principal(member=, domain=, customer=, sets=)``; ``allUsers`` asks as a stranger; ``canonical(member) -> str``
`poise.policy.gcp.questions`
    - ``who_can(permission, inputs) -> Iterator[(member, Answer)]``
    - ``what_can(principal, permissions, inputs) -> Iterator[(permission, Answer)]``
`poise.policy.gcp.buckets`
    - ``bucket_exposure(nodes, *, acl, uniform_access, prevention) -> Exposure``
`poise.policy.gcp.impersonation`
    - ``ways_to_become(principal, inputs) -> Iterator[Impersonation]``: the service account is the first node
    - ``scopes_allow(scopes, permission) -> bool | None``, ``workload_identity_member(project, namespace, name)``
`poise.policy.gcp.escalation`
    - ``escalations_for(principal, inputs) -> tuple[Found, ...]``, ``catalogue()``
`poise.policy.gcp.cel`
    - ``parser.parse(text)``, ``evaluation.judge(node, facts)``, ``evaluation.settled(leaf.test, facts) -> bool`` for
      the leaves of a residual
`poise.policy.gcp.positions`
    - ``possible(answer, Position(known=, tags=)) -> frozenset[bool]``, ``from_internet(now) -> Position``
"""
