"""The main job: read scopes through connectors, judge what was read, and keep it.

Partitions are read by several threads and written by one, each in its own transaction with the verdicts of its assets.
When all partitions of a scope are done, the checks that ask about neighbours run. Whatever interrupts, the store holds
whole partitions, and what was not read stays as it was.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field

import msgspec
import structlog

from poise.app import grouping
from poise.app.code_digest import risk_digest
from poise.app.covering import apply_exemptions
from poise.app.governing import run_rules
from poise.app.judging import judge_neighbours, judge_partition
from poise.app.marked_rules import risk_rules_of
from poise.app.notifying import alert
from poise.app.path_alerts import alert_of_paths
from poise.app.paths import critical_of, keep_paths
from poise.app.progress import PartitionRead, PathsFound, ScopeJudged, ScopeStarted, Watcher, unwatched
from poise.app.risks import judge_risks
from poise.app.scores import keep_scores
from poise.app.watching import informed, is_watching
from poise.app.workspace import Workspace
from poise.assess.engine import Judge
from poise.collect.connector import Connector
from poise.model.asset import content_hash
from poise.model.errors import CredentialsError, NotRead, StaleFence
from poise.model.judged import ScopePass
from poise.model.kinds import by_kind
from poise.model.listing import Collected, Gap, Listing, ListingState, PartitionKey, Planned, Scope
from poise.store.paths import PathChange

log = structlog.get_logger()
SCAN = "scan"
"""Who assigns new findings, in the audit log."""


@dataclass(frozen=True, kw_only=True)
class ScanOptions:
    """How a scan runs."""

    command: str = "scan"
    """The command line, for the list of scans."""
    threads: int = 8
    """Partitions that are read at once."""
    finds_paths: bool = True
    """Whether attack paths are searched once everything is judged."""
    watch: Watcher = unwatched
    """Receives the events of the scan."""


@dataclass
class Timing:
    """Where the time of a scan went: reading in seconds summed over threads, the others in CPU seconds."""

    reading: float = 0.0
    judging: float = 0.0
    writing: float = 0.0
    searching: float = 0.0


@dataclass
class Run:
    """One scan, while it runs and after."""

    id: int
    workspace: Workspace
    options: ScanOptions
    judge: Judge
    timing: Timing = field(default_factory=Timing)
    crashes: dict[str, int] = field(default_factory=dict)
    """Checks that failed, and how often."""
    paths: PathChange | None = None
    """Attack paths that opened and were fixed; None if none were searched."""
    paths_failed: str = ""
    """Why the search for attack paths failed; empty if it did not."""


def plan(connectors: Sequence[Connector]) -> Iterator[Planned]:
    """Yield every call that a scan may make, for a dry run."""
    for connector in connectors:
        for scope in connector.scopes():
            for key in connector.partitions(scope):
                for read in connector.reads(key):
                    yield Planned(key, read.call, read.permission)


def scan(workspace: Workspace, connectors: Sequence[Connector], options: ScanOptions) -> Run:
    """Read, judge and keep everything that the connectors reach.

    Raises :class:`CredentialsError` if nobody is signed in. An interruption passes through once the scan is marked as
    ended; what was written stays.
    """
    found = [(connector, scope) for connector in connectors for scope in connector.scopes()]
    store = workspace.store
    source = connectors[0].source if connectors else options.command
    run = Run(store.scans.begin(source, options.command), workspace, options, workspace.judge())
    interrupted = True
    pool = ThreadPoolExecutor(options.threads, thread_name_prefix="read")
    try:
        _read_and_judge(run, pool, found)
        interrupted = False
    finally:
        # Calls that hang are not waited for: nothing that they bring would be kept.
        pool.shutdown(wait=not interrupted, cancel_futures=True)
        store.scans.finish(run.id, interrupted=interrupted)
        grouping.fill(workspace)
        apply_exemptions(store, workspace.checks, workspace.standards)
        run_rules(workspace, SCAN)
        keep_scores(workspace)
    run.crashes |= run.judge.crashes
    if options.finds_paths:
        _find_paths(run, found)
        keep_scores(workspace)
    alert(workspace)
    return run


def _find_paths(run: Run, found: Sequence[tuple[Connector, Scope]]) -> None:
    """Search attack paths once everything is judged; findings on a path that changed get their risks anew.

    A fault of the search stops nothing: it is told, and the paths of before stand.
    """
    workspace = run.workspace
    begun = time.thread_time()
    try:
        run.paths = keep_paths(workspace)
    except Exception as crash:  # noqa: BLE001 - what was read and judged must not be lost to it
        log.warning("search for attack paths failed", error=type(crash).__name__, reason=str(crash))
        run.paths_failed = f"{type(crash).__name__}: {crash}"
        return
    critical = critical_of(workspace, run.paths.opened)
    run.options.watch(PathsFound(run.paths.opened, critical, run.paths.fixed))
    alert_of_paths(workspace, critical)
    for connector, scope in found:
        judge_risks(workspace, ScopePass(source=connector.source, scope=scope.id, scan=run.id))
    run.timing.searching += time.thread_time() - begun


def _read_and_judge(run: Run, pool: Executor, found: Sequence[tuple[Connector, Scope]]) -> None:
    """Read each scope, and judge it by its neighbours at once; after all of them where the whole graph decides."""
    if not is_watching(run.workspace):
        for connector, scope in found:
            begun = _read_scope(run, pool, connector, scope)
            _judge_scope(run, connector.source, scope, begun)
        return
    begun_at = {(connector.source, scope.id): _read_scope(run, pool, connector, scope) for connector, scope in found}
    run.workspace = informed(run.workspace)
    for source, scope in run.workspace.store.scans.scopes(None):
        _judge_scope(run, source, scope, begun_at.get((source, scope.id)))


def _read_scope(run: Run, pool: Executor, connector: Connector, scope: Scope) -> int | None:
    """Read a scope, and judge its assets by themselves; return when judging began, if it is noted."""
    keys = connector.partitions(scope)
    run.workspace.store.scans.plan(connector.source, (scope,), keys, run.id)
    run.options.watch(ScopeStarted(scope, len(keys)))
    store = run.workspace.store
    judging_begun = store.moments.note_judging(connector.source, scope.id, _judged_by(run, scope))
    pending = {pool.submit(_timed(connector.read, run.timing), key): key for key in keys}
    try:
        for future in as_completed(pending):
            key = pending.pop(future)
            _keep(run, key, _result(run, connector, future, key))
    except BaseException:
        for future in pending:
            future.cancel()
        raise
    return judging_begun


def _judge_scope(run: Run, source: str, scope: Scope, judging_begun: int | None) -> None:
    """Judge the assets of a scope by their neighbours, and give their findings risks."""
    store = run.workspace.store
    begun = time.thread_time()
    where = ScopePass(source=source, scope=scope.id, scan=run.id)
    try:
        count = judge_neighbours(run.workspace, where, scope.provider)
        judge_risks(run.workspace, where)
    except StaleFence as newer:
        log.warning("a newer scan judges this scope", scope=scope.id, reason=str(newer))
        count = 0
    if judging_begun is not None:
        store.moments.end_judging(source, scope.id, judging_begun)
    run.timing.judging += time.thread_time() - begun
    run.options.watch(ScopeJudged(scope.id, count))


def _judged_by(run: Run, scope: Scope) -> bytes:
    """Digest what judges a scope besides its assets: code, checks, parameters, and the rules of risk."""
    rules = msgspec.json.encode(risk_rules_of(run.workspace), order="sorted")
    return hashlib.sha256(run.judge.decided(scope.id) + risk_digest() + rules).digest()


def _timed(read: Callable[[PartitionKey], Collected], timing: Timing) -> Callable[[PartitionKey], Collected]:
    def timed(key: PartitionKey) -> Collected:
        begun = time.perf_counter()
        try:
            collected = read(key)
            for asset in collected.assets:
                content_hash(asset)  # here, beside waiting for answers: judging and writing both need it
            return collected
        finally:
            timing.reading += time.perf_counter() - begun

    return timed


def _result(run: Run, connector: Connector, future: Future[Collected], key: PartitionKey) -> Collected:
    try:
        return future.result()
    except (CredentialsError, NotRead) as problem:
        return _unread(run, connector, key, str(problem))
    except Exception as fault:
        # A fault in one connector is a gap of its partition, named and counted; the scan goes on.
        log.exception("connector failed", partition=str(key))
        return _unread(run, connector, key, f"the connector failed: {type(fault).__name__}: {fault}")


def _unread(run: Run, connector: Connector, key: PartitionKey, reason: str) -> Collected:
    """Return a partition that gave nothing: every kind that it lists could not be listed."""
    fed = {name for read in connector.reads(key) for name in read.feeds if "." not in name}
    kinds = sorted(k for k, record in by_kind().items() if key.provider == record.PROVIDER and record.__name__ in fed)
    listings = tuple(Listing(kind, ListingState.PARTIAL, reason) for kind in kinds)
    return Collected(key, (), listings, (Gap(key.service, f"{key.service}:*", reason),), run.workspace.clock())


def _keep(run: Run, key: PartitionKey, collected: Collected) -> None:
    store = run.workspace.store
    fence = store.partitions.claim(run.id, key)
    started, begun = time.perf_counter(), time.thread_time()
    judged = judge_partition(run.workspace, run.judge, collected)
    between = time.thread_time()
    try:
        state = str(store.partitions.write(run.id, collected, fence, judged).state)
    except StaleFence as taken:
        log.warning("another scan took the partition over", partition=str(key), reason=str(taken))
        state = "taken over"
    run.timing.judging += between - begun
    run.timing.writing += time.thread_time() - between
    seconds = time.perf_counter() - started
    run.options.watch(PartitionRead(key, len(collected.assets), len(collected.gaps), state, seconds))
