"""Reads AWS Lambda functions. Their environment variables are scanned in memory and thrown away."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from poise.collect.aws.reading.reader import AwsReader, as_text
from poise.collect.aws.reading.spread import Place, listed_each
from poise.collect.documents import policy_document
from poise.collect.facts import Facts, Piece
from poise.model.asset import Json
from poise.model.aws.awslambda import LambdaFunction
from poise.model.errors import NotRead
from poise.model.listing import Read

PER_REGION = True
READS = (
    Read("lambda:ListFunctions", "lambda:ListFunctions", ("LambdaFunction",), secret=("Environment.Variables",)),
    Read("lambda:GetPolicy", "lambda:GetPolicy", ("LambdaFunction.policy",)),
    Read("lambda:GetFunctionUrlConfig", "lambda:GetFunctionUrlConfig", ("LambdaFunction.url",)),
    Read("lambda:ListFunctionUrlConfigs", "lambda:ListFunctionUrlConfigs", ("LambdaFunction.alias_urls",)),
    Read(
        "lambda:GetFunctionCodeSigningConfig", "lambda:GetFunctionCodeSigningConfig", ("LambdaFunction.code_signing",)
    ),
    Read("lambda:ListTags", "lambda:ListTags", ("LambdaFunction.tags",)),
)
NONE = {"ResourceNotFoundException": None}


def collect(reader: AwsReader) -> Iterator[Piece]:
    """Yield the functions of a region, then the state of the listing."""
    functions = reader.pages("lambda", "ListFunctions", "Functions")
    yield from listed_each(reader, LambdaFunction, functions, partial(_function, reader))


def _function(reader: AwsReader, item: Json) -> list[Piece]:
    name, arn = item["FunctionName"], item["FunctionArn"]
    place = Place.of(reader)
    facts = Facts(LambdaFunction)
    facts.pick(
        "lambda:ListFunctions",
        item,
        last_modified=lambda i: as_text(i["LastModified"]),
        # Before container images came, answers had no PackageType (AWS news, December 2020).
        package_type=lambda i: i.get("PackageType") or "Zip",
        runtime="Runtime",
        handler="Handler",
        role="Role",
        vpc=lambda i: place.arn_or_none("vpc", (i.get("VpcConfig") or {}).get("VpcId")),
        subnets=lambda i: place.arns("subnet", (i.get("VpcConfig") or {}).get("SubnetIds") or ()),
        security_groups=lambda i: place.arns(
            "security-group", (i.get("VpcConfig") or {}).get("SecurityGroupIds") or ()
        ),
        environment_key="KMSKeyArn",
        layers=lambda i: [layer["Arn"] for layer in i.get("Layers") or ()],
        dead_letter_target="DeadLetterConfig.TargetArn",
        tracing=lambda i: (i.get("TracingConfig") or {}).get("Mode") or "PassThrough",
    )
    _scan_environment(facts, reader, item)
    _read_calls(facts, reader, name, arn)
    return list(facts.finish(id=arn, name=name, scope=reader.account, region=reader.region))


def _scan_environment(facts: Facts[LambdaFunction], reader: AwsReader, item: Json) -> None:
    """Scan the variables; where Lambda could not decrypt them, the answer holds an error in their place."""
    environment = item.get("Environment") or {}
    error = environment.get("Error")
    if error:
        reason = f"the variables could not be decrypted: {error.get('ErrorCode')}"
        facts.lacks(NotRead("lambda:ListFunctions", str(error.get("ErrorCode")), reason), "environment")
        return
    facts.set(environment=reader.hide_variables(environment.get("Variables") or {}))


def _read_calls(facts: Facts[LambdaFunction], reader: AwsReader, name: str, arn: str) -> None:
    def ask(operation: str) -> partial[Json]:
        return partial(reader.get, "lambda", operation, FunctionName=name)

    facts.read(ask("GetPolicy"), NONE, policy=lambda a: policy_document(a["Policy"]))
    facts.read(ask("GetFunctionUrlConfig"), NONE, url=_url)
    aliases = partial(_alias_urls, "lambda", "ListFunctionUrlConfigs", reader, name)
    facts.read(aliases, alias_urls=lambda found: found)
    if facts.values.get("package_type") == "Image":
        facts.set(code_signing=None)
    else:
        facts.read(
            ask("GetFunctionCodeSigningConfig"), NONE, code_signing=lambda a: a.get("CodeSigningConfigArn") or None
        )
    facts.read(partial(reader.get, "lambda", "ListTags", Resource=arn), tags=lambda a: a.get("Tags") or {})


def _alias_urls(service: str, operation: str, reader: AwsReader, name: str) -> Json:
    """Return the end points of the aliases; each alias has a policy of its own."""
    found = []
    for item in reader.pages(service, operation, "FunctionUrlConfigs", FunctionName=name):
        alias = item["FunctionArn"].split(":")[7:]
        if alias:
            policy = _alias_policy(reader, name, alias[0])
            found.append({"alias": alias[0], "url": _url(item), "policy": policy})
    return found


def _alias_policy(reader: AwsReader, name: str, alias: str) -> Json:
    try:
        answer = reader.get("lambda", "GetPolicy", FunctionName=name, Qualifier=alias)
    except NotRead as problem:
        if problem.code in NONE:
            return None
        raise
    return policy_document(answer["Policy"])


def _url(answer: Json) -> Json:
    return {
        "url": answer["FunctionUrl"],
        "auth_type": answer["AuthType"],
        "cors_origins": (answer.get("Cors") or {}).get("AllowOrigins") or (),
    }
