"""Short ways to write policy documents in tests."""

OURS = "111122223333"
FOREIGN = "999988887777"


def policy(*statements, version="2012-10-17"):
    return {"Version": version, "Statement": list(statements)}


def allow(principal="*", action="sqs:*", resource="*", condition=None, **more):
    return _statement("Allow", principal, action, resource, condition, more)


def deny(principal="*", action="sqs:*", resource="*", condition=None, **more):
    return _statement("Deny", principal, action, resource, condition, more)


def can(action, resource="*", condition=None, **more):
    """A statement of an identity policy."""
    return _statement("Allow", None, action, resource, condition, more)


def cannot(action, resource="*", condition=None, **more):
    """A denying statement of an identity policy."""
    return _statement("Deny", None, action, resource, condition, more)


def _statement(effect, principal, action, resource, condition, more):
    fields = {"Effect": effect, "Principal": principal, "Action": action, "Resource": resource}
    fields |= {"Condition": condition} | more
    return {name: value for name, value in fields.items() if value is not None}
