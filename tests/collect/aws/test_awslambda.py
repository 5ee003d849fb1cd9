"""Functions: every field known, secrets in variables, images, refused and broken answers."""

import json

from poise.collect.aws import awslambda
from poise.collect.facts import Found
from poise.model.aws.awslambda import AliasUrl, FunctionUrl
from tests.collect.aws.answers import Answers, denied, every_call_alone_denied, fed_by, read

ARN = "arn:aws:lambda:eu-west-1:111122223333:function:charge"
EC2 = "arn:aws:ec2:eu-west-1:111122223333"
PLANTED = "correct-horse-battery-99"
FUNCTION = {
    "FunctionName": "charge",
    "FunctionArn": ARN,
    "Runtime": "python3.13",
    "Role": "arn:aws:iam::111122223333:role/charge",
    "Handler": "charge.handler",
    "LastModified": "2026-03-01T09:00:00.000+0000",
    "VpcConfig": {"VpcId": "vpc-1", "SubnetIds": ["subnet-1"], "SecurityGroupIds": ["sg-1"]},
    "DeadLetterConfig": {"TargetArn": "arn:aws:sqs:eu-west-1:111122223333:dead"},
    "Environment": {"Variables": {"DB_PASSWORD": PLANTED, "STAGE": "prod"}},
    "KMSKeyArn": "arn:aws:kms:eu-west-1:111122223333:key/k",
    "TracingConfig": {"Mode": "Active"},
    "Layers": [{"Arn": "arn:aws:lambda:eu-west-1:111122223333:layer:lib:3", "CodeSize": 1}],
    "PackageType": "Zip",
}
WHOLE = {
    "lambda:ListFunctions": {"Functions": [FUNCTION]},
    "lambda:GetPolicy": {"Policy": '{"Statement": []}', "RevisionId": "r"},
    "lambda:GetFunctionUrlConfig": {
        "FunctionUrl": "https://x.lambda-url.eu-west-1.on.aws/",
        "FunctionArn": ARN,
        "AuthType": "NONE",
        "Cors": {"AllowOrigins": ["*"]},
    },
    "lambda:ListFunctionUrlConfigs": {"FunctionUrlConfigs": []},
    "lambda:GetFunctionCodeSigningConfig": {"CodeSigningConfigArn": "arn:csc", "FunctionName": "charge"},
    "lambda:ListTags": {"Tags": {"team": "shop"}},
}
ABSENT = ("lambda:GetPolicy", "lambda:GetFunctionUrlConfig", "lambda:GetFunctionCodeSigningConfig")


def test_every_field_is_known():
    (function,), listings, problems = read(awslambda, WHOLE)

    assert (function.id, function.name, dict(function.unread)) == (ARN, "charge", {})
    assert (listings, problems) == ({"AWS::Lambda::Function": "complete"}, [])
    assert function.tags == {"team": "shop"}
    known = function.known()
    assert [(hit.rule, hit.place) for hit in known.pop("environment").hits] == [("password", "DB_PASSWORD")]
    assert known == {
        "last_modified": "2026-03-01T09:00:00.000+0000",
        "package_type": "Zip",
        "runtime": "python3.13",
        "handler": "charge.handler",
        "role": "arn:aws:iam::111122223333:role/charge",
        "vpc": f"{EC2}:vpc/vpc-1",
        "subnets": (f"{EC2}:subnet/subnet-1",),
        "security_groups": (f"{EC2}:security-group/sg-1",),
        "environment_key": "arn:aws:kms:eu-west-1:111122223333:key/k",
        "layers": ("arn:aws:lambda:eu-west-1:111122223333:layer:lib:3",),
        "dead_letter_target": "arn:aws:sqs:eu-west-1:111122223333:dead",
        "tracing": "Active",
        "policy": {"Statement": []},
        "url": FunctionUrl(url="https://x.lambda-url.eu-west-1.on.aws/", auth_type="NONE", cors_origins=("*",)),
        "alias_urls": (),
        "code_signing": "arn:csc",
    }


def test_no_value_of_a_variable_is_kept_anywhere():
    pieces = list(awslambda.collect(Answers(WHOLE)))
    (found,) = [piece for piece in pieces if isinstance(piece, Found)]
    kept = json.dumps([found.raw, repr(found.asset.known())])
    assert PLANTED not in kept
    assert "prod" not in kept


LIVE = {"FunctionUrl": "https://live.lambda-url.eu-west-1.on.aws/", "FunctionArn": f"{ARN}:live", "AuthType": "NONE"}


def test_each_alias_with_an_address_is_kept_with_its_own_policy():
    own = {"FunctionUrl": "https://x.lambda-url.eu-west-1.on.aws/", "FunctionArn": ARN, "AuthType": "NONE"}

    def policy(**call):
        return (
            {"Policy": '{"Statement": [], "Id": "live"}'}
            if call.get("Qualifier") == "live"
            else WHOLE["lambda:GetPolicy"]
        )

    answers = WHOLE | {
        "lambda:ListFunctionUrlConfigs": [{"FunctionUrlConfigs": [own, LIVE]}],
        "lambda:GetPolicy": policy,
    }

    (function,), _, problems = read(awslambda, answers)

    url = FunctionUrl(url="https://live.lambda-url.eu-west-1.on.aws/", auth_type="NONE", cors_origins=())
    assert function.alias_urls == (AliasUrl(alias="live", url=url, policy={"Statement": [], "Id": "live"}),)
    assert problems == []


def test_an_alias_without_a_policy_has_none_and_a_refused_one_is_a_gap():
    for code, known in (("ResourceNotFoundException", True), ("AccessDeniedException", False)):

        def policy(code=code, **call):
            return denied("lambda:GetPolicy", code) if "Qualifier" in call else WHOLE["lambda:GetPolicy"]

        answers = {"lambda:ListFunctionUrlConfigs": {"FunctionUrlConfigs": [LIVE]}, "lambda:GetPolicy": policy}
        (function,), _, _ = read(awslambda, WHOLE | answers)
        assert ("alias_urls" not in function.unread) is known


def test_what_a_function_lacks_is_none():
    bare = {k: FUNCTION[k] for k in ("FunctionName", "FunctionArn", "Role", "LastModified", "Runtime", "Handler")}
    answers = WHOLE | {call: denied(call, "ResourceNotFoundException") for call in ABSENT}

    (function,), _, problems = read(awslambda, answers | {"lambda:ListFunctions": {"Functions": [bare]}})

    assert (dict(function.unread), problems) == ({}, [])
    assert (function.policy, function.url, function.code_signing, function.vpc) == (None, None, None, None)
    assert (function.package_type, function.tracing, function.subnets) == ("Zip", "PassThrough", ())
    assert (function.environment.length, function.environment.hits) == (0, ())


def test_an_image_has_no_runtime_and_takes_no_signature():
    image = {k: v for k, v in FUNCTION.items() if k not in ("Runtime", "Handler")} | {"PackageType": "Image"}
    answers = {call: answer for call, answer in WHOLE.items() if call != "lambda:GetFunctionCodeSigningConfig"}

    (function,), _, problems = read(awslambda, answers | {"lambda:ListFunctions": {"Functions": [image]}})

    assert (function.runtime, function.handler, function.code_signing, problems) == (None, None, None, [])


def test_variables_that_could_not_be_decrypted_are_a_gap():
    error = {"Error": {"ErrorCode": "AccessDeniedException", "Message": "Lambda was unable to decrypt"}}
    answers = WHOLE | {"lambda:ListFunctions": {"Functions": [FUNCTION | {"Environment": error}]}}

    (function,), _, problems = read(awslambda, answers)

    assert set(function.unread) == {"environment"}
    assert "AccessDeniedException" in function.unread["environment"]
    assert len(problems) == 1


def test_a_refused_call_is_a_gap_on_just_the_fields_it_feeds():
    for call, unread in every_call_alone_denied(awslambda, WHOLE, ("lambda:ListFunctions",)):
        assert unread == fed_by(awslambda, call, "LambdaFunction"), call


def test_a_broken_policy_is_a_gap():
    (function,), _, problems = read(awslambda, WHOLE | {"lambda:GetPolicy": {"Policy": "{"}})
    assert (set(function.unread), len(problems)) == ({"policy"}, 1)


def test_a_refused_list_is_denied_and_a_broken_item_is_lost_alone():
    call = "lambda:ListFunctions"
    assert read(awslambda, WHOLE | {call: denied(call)})[1] == {"AWS::Lambda::Function": "denied"}
    assets, listings, _ = read(awslambda, WHOLE | {call: {"Functions": [{"Runtime": "x"}, FUNCTION]}})
    assert ([f.id for f in assets], listings) == ([ARN], {"AWS::Lambda::Function": "partial"})
