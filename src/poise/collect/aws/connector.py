"""The AWS connectors: one reads live accounts, one reads folders of CLI answers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError, NoRegionError, ProfileNotFound

from poise.collect.aws import services
from poise.collect.aws.reading.folder import FolderReader
from poise.collect.aws.reading.live import CREDENTIALS_ADVICE, Clients, LiveReader, LiveSettings
from poise.collect.aws.reading.reader import AwsReader
from poise.collect.connector import EXPECTED_OF_EXPORTS, gather
from poise.model.errors import CredentialsError, NotRead, UsageError
from poise.model.listing import Collected, PartitionKey, Read, Scope

BEFORE_SERVICES = (Read("ec2:DescribeRegions", "ec2:DescribeRegions", ("AwsRegion",)),)
"""What is asked to find the partitions. Who we are takes no permission (AWS STS API, GetCallerIdentity)."""
HOME_REGIONS = {"aws": "us-east-1", "aws-cn": "cn-north-1", "aws-us-gov": "us-gov-west-1"}
"""Where global services of a partition answer (AWS General Reference, service end points)."""


@dataclass(frozen=True, kw_only=True)
class LiveChoice:
    """Which accounts and regions to read, and as whom."""

    profile: str | None = None
    role_arn: str | None = None
    external_id: str | None = None
    regions: tuple[str, ...] = ()
    """Regions to read; empty for all that the account has enabled."""
    services: tuple[str, ...] = ()
    """Service modules to read; empty for all."""


@dataclass
class LiveAws:
    """Reads one live account; see :class:`Connector`."""

    choice: LiveChoice
    settings: LiveSettings
    clock: Callable[[], datetime]
    threads: int = 8
    source: str = "aws"
    _reader: LiveReader | None = field(default=None, init=False)

    def scopes(self) -> Sequence[Scope]:
        """Return the account of the credentials."""
        reader = self._open()
        return (Scope(reader.account, "aws", _account_name(reader), ()),)

    def partitions(self, scope: Scope) -> Sequence[PartitionKey]:
        """Return one partition per service, and per region for regional services."""
        reader = self._open()
        return tuple(self._keys(scope, reader))

    def reads(self, key: PartitionKey) -> Sequence[Read]:
        """Return the calls of the service."""
        return services.load()[key.service].READS

    def read(self, key: PartitionKey) -> Collected:
        """Read one service in one region."""
        reader: AwsReader = self._open()
        if key.region != "global":
            reader = reader.in_region(key.region)
        service = services.load()[key.service]
        return gather(key, service.collect(reader), service.READS, self.clock())

    def close(self) -> None:
        """Stop the threads."""
        if self._reader is not None:
            self._reader.pool.shutdown(wait=False, cancel_futures=True)

    def _keys(self, scope: Scope, reader: LiveReader) -> Iterator[PartitionKey]:
        wanted = {n: s for n, s in services.load().items() if not self.choice.services or n in self.choice.services}
        # Region by region, so that the clients of a region can be let go before the next ones are made.
        for region in ("global", *(self.choice.regions or _enabled_regions(reader))):
            for name, service in wanted.items():
                if (region != "global") == service.PER_REGION:
                    yield PartitionKey(self.source, "aws", scope.id, name, region)

    def _open(self) -> LiveReader:
        if self._reader is None:
            session = session_of(self.choice)
            home = self.choice.regions[0] if self.choice.regions else session.region_name or "us-east-1"
            clients = Clients(session, self.settings)
            account, partition = _identity(clients, home)
            pool = ThreadPoolExecutor(self.threads, thread_name_prefix="aws")
            region = HOME_REGIONS.get(partition, home)
            self._reader = LiveReader(clients, account, partition, region, pool)
        return self._reader


def session_of(choice: LiveChoice) -> boto3.Session:
    """Return the session of who reads, a role assumed if one is chosen."""
    try:
        session = boto3.Session(profile_name=choice.profile)
    except ProfileNotFound as problem:
        raise UsageError(f"{problem}.", "`aws configure list-profiles` names those that exist.") from problem
    if choice.role_arn is None:
        return session
    return _assumed(session, choice)


def _assumed(session: boto3.Session, choice: LiveChoice) -> boto3.Session:
    """Return a session in a role, whose credentials renew themselves during a long scan."""
    from botocore.credentials import AssumeRoleCredentialFetcher, DeferredRefreshableCredentials
    from botocore.session import get_session

    extra = {"RoleSessionName": "poise"} | ({"ExternalId": choice.external_id} if choice.external_id else {})
    base: Any = session._session
    fetcher = AssumeRoleCredentialFetcher(base.create_client, base.get_credentials(), choice.role_arn, extra)
    inner: Any = get_session()
    inner._credentials = DeferredRefreshableCredentials(fetcher.fetch_credentials, "assume-role")
    return boto3.Session(botocore_session=inner, region_name=session.region_name)


def _identity(clients: Clients, region: str) -> tuple[str, str]:
    try:
        answer = clients.get("sts", region).get_caller_identity()
    except ClientError as problem:
        error = problem.response.get("Error", {})
        raise CredentialsError(
            f"AWS refused the credentials: {error.get('Code')}: {error.get('Message')}.", CREDENTIALS_ADVICE
        ) from problem
    except NoRegionError as problem:
        raise UsageError("No AWS region is set.", "Pass --region or set AWS_REGION.") from problem
    except BotoCoreError as problem:
        raise CredentialsError(f"AWS cannot be asked who we are: {problem}.", CREDENTIALS_ADVICE) from problem
    return str(answer["Account"]), str(answer["Arn"]).split(":")[1]


def _account_name(reader: AwsReader) -> str:
    try:
        aliases = list(reader.pages("iam", "ListAccountAliases", "AccountAliases"))
    except NotRead:
        return reader.account
    return str(aliases[0]) if aliases else reader.account


def _enabled_regions(reader: AwsReader) -> tuple[str, ...]:
    try:
        answer = reader.get("ec2", "DescribeRegions")
    except NotRead as problem:
        raise UsageError(
            f"The account's regions cannot be read: {problem.reason}.", "Grant ec2:DescribeRegions or pass --region."
        ) from problem
    return tuple(sorted(region["RegionName"] for region in answer["Regions"]))


@dataclass
class AwsFolder:
    """Reads one account from a folder of CLI answers; see :class:`Connector` and :class:`FolderReader`."""

    root: Path
    source: str
    clock: Callable[[], datetime]
    secret_key: bytes = b""
    used: set[Path] = field(default_factory=set)

    @staticmethod
    def recognises(path: Path) -> bool:
        """Whether a folder has the layout: a region folder that says whose account it is."""
        return path.is_dir() and any(path.glob("*/sts-get-caller-identity.json"))

    def scopes(self) -> Sequence[Scope]:
        """Return the account that the folder is about."""
        reader = self._reader()
        return (Scope(reader.account, "aws", _account_name(reader), ()),)

    def partitions(self, scope: Scope) -> Sequence[PartitionKey]:
        """Return one partition per service, and per region folder for regional services."""
        regions = self._reader().regions()
        return tuple(
            PartitionKey(self.source, "aws", scope.id, name, region)
            for name, service in services.load().items()
            for region in (regions if service.PER_REGION else ("global",))
        )

    def reads(self, key: PartitionKey) -> Sequence[Read]:
        """Return the calls of the service."""
        return services.load()[key.service].READS

    def read(self, key: PartitionKey) -> Collected:
        """Read one service in one region."""
        reader = self._reader()
        if key.region != "global":
            reader = reader.in_region(key.region)
        service = services.load()[key.service]
        return gather(key, service.collect(reader), service.READS, self.clock(), EXPECTED_OF_EXPORTS)

    def not_needed(self) -> list[Path]:
        """Return the files below the folder that no connector asked for, after reading."""
        return sorted(p for p in self.root.rglob("*") if p.is_file() and p not in self.used)

    def _reader(self) -> FolderReader:
        probe = FolderReader(self.root, "", "aws", "", self.secret_key, self.used)
        regions = probe.regions()
        if not regions:
            raise UsageError(f"{self.root} holds no region folder.", "See the page on scanning files.")
        account, partition = _identity_in(probe.in_region(regions[0]))
        home = HOME_REGIONS.get(partition, regions[0])
        region = home if home in regions else regions[0]
        return FolderReader(self.root, account, partition, region, self.secret_key, self.used)


def _identity_in(reader: FolderReader) -> tuple[str, str]:
    """Return account and partition of an export."""
    advice = "Make it with: aws sts get-caller-identity."
    try:
        identity = reader.get("sts", "GetCallerIdentity")
    except NotRead as problem:
        raise UsageError(f"{problem.reason}", advice) from problem
    account, arn = str(identity.get("Account", "")), str(identity.get("Arn", "")).split(":")
    if not account.isdecimal() or len(arn) < 6:
        raise UsageError(f"sts-get-caller-identity.json in {reader.root} names no account.", advice)
    return account, arn[1]
