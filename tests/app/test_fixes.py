"""Fix texts: only the four placeholders are filled, and a hostile name cannot act."""

import shlex

import pytest

from poise.app.fixes import filled
from poise.model import Fix
from poise.model.finding import AssetRef


def ref(name):
    return AssetRef("arn:aws:s3:::x", "AWS::S3::Bucket", name, "aws", "111122223333", "eu-west-1")


FIX = Fix(
    console="Open {name}.",
    cli="aws s3api put --bucket {name} --region {region} --query 'x[?a==`{b}`]'",
    terraform='resource "r" "this" {\n  bucket = "{name}"\n  arn = "{id}" }',
)


def test_placeholders_get_the_assets_own_words_and_other_braces_stay():
    text = filled(FIX, ref("reports"))
    assert text.console == "Open reports."
    assert text.cli == "aws s3api put --bucket reports --region eu-west-1 --query 'x[?a==`{b}`]'"
    assert 'bucket = "reports"' in text.terraform
    assert 'arn = "arn:aws:s3:::x" }' in text.terraform


@pytest.mark.parametrize("name", ["x; rm -rf /", "$(id)", "a'b", "`id`", "-rf", "a\nb", "{id}"])
def test_a_hostile_name_stays_one_word_of_the_shell(name):
    assert shlex.split(filled(FIX, ref(name)).cli)[4] == name


def test_a_hostile_name_stays_inside_its_terraform_string():
    text = filled(FIX, ref('x" }\nresource "evil" "${file("/etc/passwd")}')).terraform
    assert text.count("\n") == FIX.terraform.count("\n")
    assert "$${file" in text
