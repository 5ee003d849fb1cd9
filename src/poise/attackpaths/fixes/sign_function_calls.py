"""Let nobody call a function without credentials."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from poise.attackpaths.fix import Change, Fix, Ground
from poise.attackpaths.steps import Step
from poise.model.asset import replace
from poise.model.aws.awslambda import AliasUrl, LambdaFunction
from poise.model.check import Fix as Texts

SIGNED = "AWS_IAM"


def propose(ground: Ground, step: Step) -> Iterator[Change]:
    """Yield the function whose addresses take signed calls only."""
    for function in ground.of(step, LambdaFunction):
        if isinstance(function, LambdaFunction) and not {"url", "alias_urls"} & function.unread.keys():
            url = function.url and msgspec.structs.replace(function.url, auth_type=SIGNED)
            after = replace(function, url=url, alias_urls=tuple(map(_signed, function.alias_urls)))
            if after != function:
                yield Change(function, after, f"{function.name} takes signed calls only")


def _signed(alias: AliasUrl) -> AliasUrl:
    return msgspec.structs.replace(alias, url=msgspec.structs.replace(alias.url, auth_type=SIGNED))


FIX = Fix(
    title="Require signed calls of the function",
    rules=frozenset({"exposed_function"}),
    propose=propose,
    effort=1.0,
    texts=Texts(
        console="Lambda > {name} > Configuration > Function URL > Edit: auth type AWS_IAM.",
        cli="aws lambda update-function-url-config --region {region} --function-name {name} --auth-type AWS_IAM",
        terraform='resource "aws_lambda_function_url" "this" {\n  function_name      = "{name}"\n'
        '  authorization_type = "AWS_IAM"\n}\n',
        impact="Callers without credentials of the account get no answer any more.",
    ),
)
