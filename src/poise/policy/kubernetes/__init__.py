"""The judge of Kubernetes RBAC. What others call (documents in; what was not read is given as ``Unread``):

`poise.policy.kubernetes.permissions`
    - ``can(subject: Subject, request: Request, inputs: Inputs) -> Answer``
    - ``Subject.of(user, groups=())``, ``Subject.of_service_account(namespace, name)``
    - ``Request(verb=, resource=, group=, namespace=, name=, path=)``: ``resource`` with its subresource, `pods/exec`
    - ``Inputs.of(documents, others=())``: roles and bindings among manifests or API answers; ``others`` are
      authorizers besides RBAC
    - ``rules_of(subject, inputs) -> Iterator[(Binding, Role)]``
`poise.policy.kubernetes.questions`
    - ``who_can(request, inputs) -> Iterator[(Subject, Answer)]``
`poise.policy.kubernetes.escalation`
    - ``escalations_for(subject, inputs, namespace="") -> tuple[Found, ...]``, ``catalogue()``,
      ``request_of("create pods/exec", namespace) -> Request``
`poise.policy.kubernetes.cloud_identities`
    - ``cloud_identities(documents, associations=()) -> Iterator[CloudIdentity]``: roles of AWS, applications of Azure,
      service accounts of Google Cloud that service accounts of the cluster ask for
    - ``long_lived_tokens(documents)``, ``mounts_token(pod, service_account)``, ``gke_member(project, service_account)``
"""
