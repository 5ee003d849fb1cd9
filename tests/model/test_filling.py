import shlex

import pytest

from poise.model.filling import filled, filled_command, filled_terraform
from poise.model.finding import AssetRef


def asset(name: str) -> AssetRef:
    return AssetRef(f"arn:aws:s3:::{name}", "AWS::S3::Bucket", name, "aws", "111122223333", "eu-west-1")


def test_text_gets_the_values_of_the_asset_and_keeps_other_braces():
    text = "Open {name} in {region} of {scope}: {id}. {other} { }"

    assert filled(text, asset("reports")) == (
        "Open reports in eu-west-1 of 111122223333: arn:aws:s3:::reports. {other} { }"
    )


def test_plain_names_go_into_commands_as_they_are():
    assert filled_command("aws s3 ls s3://{name} --id {id}", asset("reports")) == (
        "aws s3 ls s3://reports --id arn:aws:s3:::reports"
    )


@pytest.mark.parametrize("name", ["x; rm -rf ~", "$(reboot)", "`reboot`", "a b", "a'b", "a|b", "a\nreboot"])
def test_no_name_becomes_a_command(name: str):
    command = filled_command('run {name} "/{name}/" "a {name} b" \'a {name} b\' --key={name}', asset(name))

    shown = shlex.quote(name)
    assert command == f'run {shown} "/{{name}}/" "a {{name}} b" \'a {{name}} b\' --key={shown}'


def test_values_are_escaped_for_hcl_strings():
    assert filled_terraform('bucket = "{name}"', asset('a"${x}\\')) == 'bucket = "a\\"$${x}\\\\"'


def test_a_value_that_looks_like_a_placeholder_is_not_filled_again():
    assert filled("{name} {id}", asset("{scope}")) == "{scope} arn:aws:s3:::{scope}"
