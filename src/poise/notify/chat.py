"""Messages in the form that chats take: Slack's incoming webhooks and Teams' workflows.

Sources: docs.slack.dev, "Formatting message text" and "Block Kit" (a section's text has at most 3,000 characters);
learn.microsoft.com, "Create incoming webhooks with Workflows" (an attachment with an adaptive card).
"""

from __future__ import annotations

from typing import Any

import msgspec

from poise.model.notice import Item, Notice
from poise.model.text import printable
from poise.notify.calling import Caller, require_taken

MOST_ITEMS = 15
"""Things that are named; the rest is counted."""
MOST_SECTION, MOST_HEADER, MOST_TEXT = 3000, 150, 200


def slack(notice: Notice) -> dict[str, Any]:
    """Return the body for an incoming webhook of Slack."""
    blocks: list[dict[str, Any]] = [
        {"type": "header", "text": {"type": "plain_text", "text": _cut(notice.subject, MOST_HEADER)}},
        {"type": "section", "text": {"type": "mrkdwn", "text": _slack_text(notice.lead)}},
    ]
    for section in notice.sections:
        lines = [f"*{_slack_text(section.title)}*", *map(_slack_line, section.items[:MOST_ITEMS])]
        more = len(section.items[MOST_ITEMS:]) + section.more
        lines += [f"and {more:,} more"] if more else []
        blocks.append({"type": "section", "text": {"type": "mrkdwn", "text": _lines(lines)}})
    if notice.link:
        blocks.append({"type": "section", "text": {"type": "mrkdwn", "text": f"<{notice.link}|Open in Poise>"}})
    return {"text": _slack_text(notice.subject), "blocks": blocks}


def teams(notice: Notice) -> dict[str, Any]:
    """Return the body for a workflow of Teams."""
    parts: list[dict[str, Any]] = [
        {"type": "TextBlock", "size": "Large", "weight": "Bolder", "wrap": True, "text": _teams_text(notice.subject)},
        {"type": "TextBlock", "wrap": True, "text": _teams_text(notice.lead)},
    ]
    for section in notice.sections:
        parts.append({"type": "TextBlock", "weight": "Bolder", "wrap": True, "text": _teams_text(section.title)})
        parts += [{"type": "TextBlock", "wrap": True, "text": _teams_line(i)} for i in section.items[:MOST_ITEMS]]
        more = len(section.items[MOST_ITEMS:]) + section.more
        parts += [{"type": "TextBlock", "isSubtle": True, "text": f"and {more:,} more"}] if more else []
    card: dict[str, Any] = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "body": parts,
    }
    if notice.link:
        card["actions"] = [{"type": "Action.OpenUrl", "title": "Open in Poise", "url": notice.link}]
    attachment = {"contentType": "application/vnd.microsoft.card.adaptive", "contentUrl": None, "content": card}
    return {"type": "message", "attachments": [attachment]}


def send(caller: Caller, url: str, body: dict[str, Any]) -> None:
    """Send a body to a chat. Raises :class:`NotDelivered`."""
    headers = {"Content-Type": "application/json"}
    require_taken(caller.call("POST", url, headers, msgspec.json.encode(body)), "The chat")


def _lines(lines: list[str]) -> str:
    """Return as many lines as a section takes, whole ones."""
    while len("\n".join(lines)) > MOST_SECTION:
        lines = lines[:-1]
    return "\n".join(lines)


def _slack_line(item: Item) -> str:
    title = _slack_text(item.title)
    shown = f"<{item.link}|{title}>" if item.link else title
    note = f" - {_slack_text(item.note)}" if item.note else ""
    return f"- {item.level}: {shown} on {_slack_text(item.where)}{note}"


def _slack_text(text: str) -> str:
    """Escape the three characters that Slack reads as its own."""
    cut = _cut(text, MOST_TEXT)
    return cut.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("|", "/")


def _teams_line(item: Item) -> str:
    title = _teams_text(item.title)
    shown = f"[{title}]({item.link})" if item.link else title
    note = f" - {_teams_text(item.note)}" if item.note else ""
    return f"- {item.level}: {shown} on {_teams_text(item.where)}{note}"


def _teams_text(text: str) -> str:
    """Take the meaning from what Markdown reads as its own."""
    return "".join(f"\\{letter}" if letter in r"\`*_[]()#<>" else letter for letter in _cut(text, MOST_TEXT))


def _cut(text: str, most: int) -> str:
    plain = " ".join(printable(text).split())
    return plain if len(plain) <= most else f"{plain[: most - 1]}…"
