"""Reads the account itself: root user, password policy, account-wide S3 block, organization."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from poise.collect.aws.reading.credential_report import KEYS_PER_USER, ROOT, Row, moment, read_report
from poise.collect.aws.reading.reader import AwsReader, tags_of
from poise.collect.aws.s3 import access_block
from poise.collect.facts import Facts, Piece
from poise.model.asset import Json
from poise.model.aws.account import AwsAccount
from poise.model.errors import NotRead
from poise.model.listing import Listing, ListingState, Read

PER_REGION = False
READS = (
    Read("iam:ListAccountAliases", "iam:ListAccountAliases", ("AwsAccount",)),
    Read(
        "iam:GetAccountSummary",
        "iam:GetAccountSummary",
        ("AwsAccount.root_has_password", "AwsAccount.root_has_mfa", "AwsAccount.root_access_keys"),
    ),
    Read("iam:ListVirtualMFADevices", "iam:ListVirtualMFADevices", ("AwsAccount.root_has_virtual_mfa",)),
    Read("iam:GenerateCredentialReport", "iam:GenerateCredentialReport", ("AwsAccount.root_last_used",)),
    Read(
        "iam:GetCredentialReport",
        "iam:GetCredentialReport",
        ("AwsAccount.root_last_used", "AwsAccount.root_key_last_used"),
    ),
    Read("iam:GetAccountPasswordPolicy", "iam:GetAccountPasswordPolicy", ("AwsAccount.password_policy",)),
    Read("s3control:GetPublicAccessBlock", "s3:GetAccountPublicAccessBlock", ("AwsAccount.public_access_block",)),
    Read(
        "organizations:DescribeOrganization",
        "organizations:DescribeOrganization",
        ("AwsAccount.organization_id", "AwsAccount.management_account"),
    ),
    Read("organizations:ListTagsForResource", "organizations:ListTagsForResource", ("AwsAccount.tags",)),
)


def collect(reader: AwsReader) -> Iterator[Piece]:
    """Yield the account, and that it is the only one."""
    facts = Facts(AwsAccount)
    _read_root(facts, reader)
    facts.read(
        partial(reader.get, "iam", "GetAccountPasswordPolicy"),
        {"NoSuchEntity": None},
        password_policy=lambda a: _password_policy(a["PasswordPolicy"]),
    )
    facts.read(
        partial(reader.get, "s3control", "GetPublicAccessBlock", AccountId=reader.account),
        {"NoSuchPublicAccessBlockConfiguration": None},
        public_access_block=lambda a: access_block(a["PublicAccessBlockConfiguration"]),
    )
    _read_organization(facts, reader)
    arn = f"arn:{reader.partition}:account::{reader.account}:account"
    yield from facts.finish(id=arn, name=_name(reader), scope=reader.account, region="global")
    yield Listing(AwsAccount.KIND, ListingState.COMPLETE)


def _read_root(facts: Facts[AwsAccount], reader: AwsReader) -> None:
    def number(key: str) -> Callable[[Json], int]:
        return lambda answer: int(answer["SummaryMap"][key])

    facts.read(
        partial(reader.get, "iam", "GetAccountSummary"),
        root_has_password=lambda a: number("AccountPasswordPresent")(a) > 0,
        root_has_mfa=lambda a: number("AccountMFAEnabled")(a) > 0,
        root_access_keys=number("AccountAccessKeysPresent"),
    )
    devices = partial(_all, "iam", "ListVirtualMFADevices", "VirtualMFADevices", reader)
    facts.read(devices, root_has_virtual_mfa=lambda found: any(map(_is_of_root, found)))
    try:
        row = read_report(reader).row(ROOT)
    except NotRead as problem:
        facts.lacks(problem, "root_last_used", "root_key_last_used")
        return
    facts.pick(
        "iam:GetCredentialReport",
        row,
        root_last_used=lambda r: moment(r["password_last_used"]),
        root_key_last_used=_latest_key_use,
    )


def _all(service: str, operation: str, items: str, reader: AwsReader) -> list[Json]:
    return list(reader.pages(service, operation, items))


def _is_of_root(device: Json) -> bool:
    """A device tells its user only while it is assigned; its own name proves nothing."""
    return str(device.get("User", {}).get("Arn", "")).endswith(":root")


def _latest_key_use(row: Row) -> str | None:
    times = (moment(row[f"access_key_{number}_last_used_date"]) for number in KEYS_PER_USER)
    return max((time for time in times if time is not None), default=None)


def _password_policy(policy: Json) -> Json:
    """Leave a limit that IAM does not name as none (IAM API reference, PasswordPolicy)."""
    return {
        "minimum_length": policy["MinimumPasswordLength"],
        "require_symbols": policy["RequireSymbols"],
        "require_numbers": policy["RequireNumbers"],
        "require_uppercase": policy["RequireUppercaseCharacters"],
        "require_lowercase": policy["RequireLowercaseCharacters"],
        "max_age_days": policy.get("MaxPasswordAge") or None,
        "reuse_prevention": policy.get("PasswordReusePrevention"),
    }


def _read_organization(facts: Facts[AwsAccount], reader: AwsReader) -> None:
    facts.read(
        partial(reader.get, "organizations", "DescribeOrganization"),
        {"AWSOrganizationsNotInUseException": None},
        organization_id=lambda a: a["Organization"]["Id"],
        management_account=lambda a: a["Organization"]["MasterAccountId"],
    )
    if "organization_id" in facts.unread:
        facts.unread["tags"] = facts.unread["organization_id"]
    elif facts.values["organization_id"] is None:
        facts.set(tags={})
    elif facts.values["management_account"] == reader.account:
        facts.read(
            partial(reader.get, "organizations", "ListTagsForResource", ResourceId=reader.account),
            tags=lambda a: tags_of(a["Tags"]),
        )
    else:
        facts.unread["tags"] = "tags of an account are kept in the management account of its organization"


def _name(reader: AwsReader) -> str:
    try:
        aliases = _all("iam", "ListAccountAliases", "AccountAliases", reader)
    except NotRead:
        return reader.account
    return str(aliases[0]) if aliases else reader.account
