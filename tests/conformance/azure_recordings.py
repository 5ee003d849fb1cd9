"""The recorded Azure answers, read in plain JSON without any help of the product."""

import gzip
import json
import re
from collections import Counter
from typing import Any

from tests.replay import RECORDINGS


def recorded() -> dict[str, Any]:
    """Return path, in lower case and with the subscription taken out, -> items (a list) or the single answer."""
    found: dict[str, Any] = {}
    files = (file for folder in RECORDINGS for file in sorted(folder.glob("*.jsonl.gz")))
    for text in (text for file in files for text in gzip.decompress(file.read_bytes()).splitlines()):
        line = json.loads(text)
        if line["method"] == "GET" and line["status"] == 200:
            path = re.sub(r"^https?://[^/]+", "", line["uri"]).split("?")[0].rstrip("/")
            key = re.sub(r"(?i)(/subscriptions/)[0-9a-f-]{36}", r"\1S", path).lower()
            if isinstance(line["body"], dict) and isinstance(line["body"].get("value"), list):
                found.setdefault(key, []).extend(line["body"]["value"])
            else:
                found.setdefault(key, line["body"])
    return found


def items_of(recordings: dict[str, Any], kind: str) -> list[Any]:
    """Return the recorded items of a kind; of two with one id, ignoring case and subscription, the later stands."""
    by_id = {
        re.sub(r"/subscriptions/[0-9a-f-]{36}", "", item["id"].lower()): item
        for item in recordings[f"/subscriptions/s/providers/{kind}".lower()]
    }
    return list(by_id.values())


def counted(items: list[Any], is_bad) -> Counter:
    return Counter("unhealthy" if is_bad(item["properties"]) else "healthy" for item in items)


def first_match(properties: Any, port: int) -> str:
    """Return what the first inbound rule for a TCP port says; every recorded rule is from anywhere to anywhere."""
    rules = [r["properties"] for r in properties["securityRules"] + properties["defaultSecurityRules"]]
    for rule in sorted((r for r in rules if r["direction"] == "Inbound"), key=lambda r: r["priority"]):
        ranges = [rule.get("destinationPortRange"), *rule.get("destinationPortRanges", [])]
        bounds = [("0-65535" if r == "*" else r).split("-") for r in ranges if r]
        named = rule["sourceAddressPrefix"] == "*" and rule["protocol"].lower() in ("*", "tcp")
        if named and any(int(b[0]) <= port <= int(b[-1]) for b in bounds):
            return rule["access"]
    return "Deny"
