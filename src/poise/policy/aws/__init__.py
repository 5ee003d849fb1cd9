"""The judge of AWS policies. What others call:

`poise.policy.aws.exposure`
    - ``resource_policy_exposure(document | None, account: str, *, trusted=frozenset()) -> Exposure``
    - ``trust_exposure(document: Document, account: str, partition: str = "aws") -> Exposure``
    - ``exposure_of_bucket(bucket: S3Bucket, account: AwsAccount | None | Callable) -> Exposure``
      (``None``: the account was not read; a call may raise NotCollected)
    - ``access_point_exposure(policy, network_origin, block, account_block, account) -> Exposure``
    - ``bucket_exposure(policy, acl, block, account_block, object_ownership, account) -> Exposure``
      (each a value or a call; ``None``: read, there is none)
    - ``denies_insecure_transport(policy_document: Document | None) -> bool``
    - ``Exposure``: ``level`` (`Level.PUBLIC|RESTRICTED|PRIVATE|UNKNOWN`), ``because: tuple[Reason, ...]``,
      ``grants: tuple[Grant, ...]``, ``residual``, ``actions``, ``is_public``, ``accounts``,
      ``unconfined_services``, ``of(Audience)``
    - ``Reason``: ``text``, ``statement`` (index), ``sid``, ``source``

`poise.policy.aws.network`
    - ``internet_ports(rules, ports, protocol="tcp", prefix_lists=None) -> tuple[int, ...]``
    - ``open_to_internet(rules, prefix_lists=None) -> dict[protocol, dict[4 | 6, PortSet]]``
    - ``sources(rules, port, protocol="tcp", prefix_lists=None) -> IpSet``
    - ``deciding_rules(rules, port, protocol="tcp") -> tuple[rule, ...]``
    - ``nacl_admits(entries, protocol, port) -> IpSet``
    - ``nacl_allows(entries, protocol, ports: PortSet, source: IpSet) -> bool``

`poise.policy.aws.grants`
    - ``allows(documents, action, resource="*", context=None) -> Answer``
    - ``is_admin(documents, context=None) -> Answer``
    - ``Answer``: ``decision`` (`Decision.ALLOW|DENY|CONDITIONAL|UNKNOWN`), ``because``, ``residual``,
      ``unread``, ``is_possible``

`poise.policy.aws.evaluation` (all layers together)
    - ``evaluate(Request(caller=, action=, resource=, owner=, context=), Inputs(identity=, boundary=, session=,
      scps=, resource=, rcps=, endpoint=, grants=, acl=, restricts_public=)) -> Answer``; an input that was not
      read is given as ``Unread(input, reason)``
    - ``Caller.of(arn)``, ``Caller.service(name)``, ``Caller.provider(arn)``, ``Caller.anonymous()`` in `callers`
    - ``sources_of(documents)`` in `sources`, ``named(name, document)``
    - ``can_pass(caller, role_arn, service, inputs, trust) -> Answer`` and ``trusts_service`` in `passing`
    - ``decision_from(answer, from_internet() | from_machine(Machine) | from_account(id, org)) -> Decision`` in
      `vantage`

`poise.policy.aws.escalation`
    - ``escalations_for(caller, inputs) -> tuple[Found, ...]``; ``escalations_of(documents)`` for identity
      policies alone; ``escalations(may)`` for any way of asking; ``catalogue() -> tuple[Escalation, ...]``

`poise.policy.aws.document`
    - ``parse(document) -> Policy`` with ``statements`` and ``problems``

`poise.policy.intervals`
    - ``IpSet.from_cidrs(cidrs)``, ``PortSet.of(22, (80, 443))``, ``internet()``; ``|``, ``&``, ``-``,
      ``covers``, ``size``, ``is_everything``, ``is_internet``
"""
