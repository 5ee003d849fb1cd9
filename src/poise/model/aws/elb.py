"""Records of Elastic Load Balancing: application, network and gateway load balancers, and classic ones."""

from poise.model.asset import Asset, Part, asset_kind


class ListenerAction(Part, frozen=True, kw_only=True):
    """What is done with a request."""

    type: str
    """`forward`, `redirect`, `fixed-response`, `authenticate-oidc`, `authenticate-cognito`, `jwt-validation`."""
    redirect_protocol: str | None
    """`HTTP`, `HTTPS` or `#{protocol}` (as it came); None for other types."""
    redirect_port: str | None
    """Port to go to, or `#{port}`; None for other types."""
    target_groups: tuple[str, ...]
    """ARNs of the target groups of a forward."""


class Listener(Part, frozen=True, kw_only=True):
    """A port that takes connections."""

    arn: str
    """Its ARN."""
    protocol: str | None
    """`HTTP`, `HTTPS`, `TCP`, `TLS`, `UDP` ...; None for a gateway load balancer."""
    port: int | None
    """Port number; None for a gateway load balancer."""
    tls_policy: str | None
    """Name of the TLS security policy; None without TLS."""
    certificates: tuple[str, ...]
    """ARN of the default certificate; empty without TLS."""
    default_actions: tuple[ListenerAction, ...]
    """What is done if no rule fits, in order."""


class ListenerRule(Part, frozen=True, kw_only=True):
    """A rule of a listener that comes before its default."""

    listener: str
    """ARN of its listener."""
    priority: str
    """Lowest first."""
    actions: tuple[ListenerAction, ...]
    """What is done, in order."""


@asset_kind("AWS::ElasticLoadBalancingV2::LoadBalancer", "aws")
class LoadBalancer(Asset):
    """An application, network or gateway load balancer."""

    type: str
    """`application`, `network` or `gateway`."""
    scheme: str | None
    """`internet-facing` or `internal`; None for a gateway load balancer."""
    state: str
    """`provisioning`, `active`, `active_impaired` or `failed`."""
    dns_name: str | None
    """Its name; None for a gateway load balancer."""
    created: str
    """When it was made, ISO 8601."""
    vpc: str
    """ARN of its VPC."""
    subnets: tuple[str, ...]
    """ARNs of its subnets."""
    security_groups: tuple[str, ...]
    """ARNs of its security groups."""
    listeners: tuple[Listener, ...]
    """Its listeners."""
    rules: tuple[ListenerRule, ...]
    """Rules of its listeners, their defaults not among them; empty for kinds that have no rules."""
    deletion_protection: bool
    """Whether deleting it is refused."""
    access_logs: bool | None
    """Whether access logs are written; None for a kind that has none."""
    access_logs_bucket: str | None
    """Bucket that receives access logs; None if none is set."""
    drops_invalid_headers: bool | None
    """Whether headers with invalid names are removed; None for kinds that do not read HTTP."""
    desync_mode: str | None
    """`monitor`, `defensive` or `strictest`; None for kinds that do not read HTTP."""
    web_acl: str | None
    """ARN of the web ACL before it; None if there is none."""


class RegisteredTarget(Part, frozen=True, kw_only=True):
    """Something that a target group sends connections to."""

    id: str
    """Id of a machine (`i-...`), an address, or the ARN of a function or load balancer."""
    port: int | None
    """Port there; None for a function."""
    health: str | None
    """`healthy`, `unhealthy`, `initial`, `unused` ...: a state, which says nothing of reach."""


@asset_kind("AWS::ElasticLoadBalancingV2::TargetGroup", "aws")
class TargetGroup(Asset):
    """Where listeners send connections."""

    protocol: str | None
    """`HTTP`, `HTTPS`, `TCP`, `TLS`, `UDP`, `TCP_UDP`, `GENEVE`; None for functions."""
    port: int | None
    """Port of targets that are registered without one; None for functions."""
    target_type: str
    """`instance`, `ip`, `lambda` or `alb`."""
    vpc: str | None
    """ARN of its VPC; None for functions."""
    balancers: tuple[str, ...]
    """ARNs of the load balancers that use it."""
    keeps_client_address: bool | None
    """Whether targets see the address of the client; None for protocols that cannot keep it."""
    targets: tuple[RegisteredTarget, ...]
    """What is registered."""


class ClassicListener(Part, frozen=True, kw_only=True):
    """A port of a classic load balancer that takes connections."""

    protocol: str
    """`HTTP`, `HTTPS`, `TCP` or `SSL`."""
    port: int
    """Port number."""
    instance_protocol: str
    """Protocol to the machines behind."""
    instance_port: int
    """Port on the machines behind."""
    certificate: str | None
    """ARN of the certificate; None without TLS."""
    policies: tuple[str, ...]
    """Names of its policies."""


class ClassicPolicy(Part, frozen=True, kw_only=True):
    """A policy of a classic load balancer."""

    name: str
    """Its name."""
    type: str
    """`SSLNegotiationPolicyType`, `LBCookieStickinessPolicyType` ..."""
    reference: str | None
    """Predefined security policy that it copies; None for other policies."""
    protocols: tuple[str, ...]
    """Protocols that it admits, e.g. `TLSv1`; empty for policies about something else."""


@asset_kind("AWS::ElasticLoadBalancing::LoadBalancer", "aws")
class ClassicLoadBalancer(Asset):
    """A load balancer of the first generation."""

    scheme: str | None
    """`internet-facing` or `internal`; None outside of a VPC."""
    dns_name: str
    """Its name."""
    created: str
    """When it was made, ISO 8601."""
    vpc: str | None
    """ARN of its VPC; None outside of any."""
    subnets: tuple[str, ...]
    """ARNs of its subnets."""
    security_groups: tuple[str, ...]
    """ARNs of its security groups."""
    instances: tuple[str, ...]
    """ARNs of the machines behind."""
    listeners: tuple[ClassicListener, ...]
    """Its listeners."""
    policies: tuple[ClassicPolicy, ...]
    """Its policies, with the predefined ones that its listeners name."""
    access_logs: bool
    """Whether access logs are written."""
    access_logs_bucket: str | None
    """Bucket that receives access logs; None if none is set."""
    connection_draining: bool
    """Whether open connections may end before a machine leaves."""
    cross_zone: bool
    """Whether load is spread over all zones."""
    desync_mode: str | None
    """`monitor`, `defensive` or `strictest`; None where the API leaves it out."""
