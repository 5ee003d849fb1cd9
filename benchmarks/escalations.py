"""Escalations of many principals: each against the whole catalogue, with AWS's own managed policies.

    python benchmarks/escalations.py [principals]

Every principal has policies of at least 20 statements in all, a boundary for every tenth, and one level of service
control policies. CPU seconds without the parsing of the documents, which happens once for each, are told apart.
"""

from __future__ import annotations

import json
import random
import resource
import sys
import time
from typing import Any

from moto.iam.aws_managed_policies import aws_managed_policies_data

from poise.policy.aws.callers import Caller
from poise.policy.aws.escalation import catalogue, escalations_for
from poise.policy.aws.evaluation import Inputs, Request, evaluate
from poise.policy.aws.sources import Source

PRINCIPALS, STATEMENTS = 2_000, 20
ACCOUNT = "111122223333"
FULL: Any = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
FENCE: Any = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Deny", "Action": ["organizations:*", "account:*"], "Resource": "*"}],
}


def documents() -> list[tuple[str, Any]]:
    """Return the managed policies by name."""
    return sorted((name, one["Document"]) for name, one in json.loads(aws_managed_policies_data).items())


def statements(document: Any) -> int:
    """Return how many statements a document has."""
    written = document["Statement"]
    return len(written) if isinstance(written, list) else 1


def inputs(policies: list[tuple[str, Any]], number: int, luck: random.Random) -> Inputs:
    """Return what decides for one principal."""
    mine: list[Source] = []
    count = 0
    while count < STATEMENTS:
        name, document = luck.choice(policies)
        mine.append(Source.of(name, document))
        count += statements(document)
    boundary = (Source.of(*luck.choice(policies)),) if number % 10 == 0 else None
    guardrails = ((Source.of("full", FULL), Source.of("fence", FENCE)),)
    return Inputs(identity=tuple(mine), boundary=boundary, scps=guardrails)


def main() -> None:
    """Measure and print."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else PRINCIPALS
    luck, policies = random.Random(7), documents()
    start = time.process_time()
    principals = [
        (Caller.of(f"arn:aws:iam::{ACCOUNT}:role/r{number}"), inputs(policies, number, luck)) for number in range(count)
    ]
    loaded = time.process_time()
    found = sum(len(escalations_for(caller, known)) for caller, known in principals)
    judged = time.process_time()
    asked = [
        Request(caller=caller, action="s3:GetObject", resource="arn:aws:s3:::x/y", owner=ACCOUNT)
        for caller, _ in principals
    ]
    for request, (_, known) in zip(asked, principals, strict=True):
        evaluate(request, known)
    ended = time.process_time()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{count} principals x {len(catalogue())} rows: {judged - loaded:.1f} CPU s, {found} found")
    print(f"parsing {loaded - start:.1f} CPU s; one question {(ended - judged) / count * 1000:.2f} ms; {peak:.0f} MiB")


if __name__ == "__main__":
    main()
