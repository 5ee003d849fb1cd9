"""Issues in Jira: Cloud through REST version 3, Server and Data Center through version 2.

A finding's issue bears the label ``poise-ID``, by which it is found again. Version 3 takes texts as Atlassian
documents, version 2 as they are; Cloud searches at ``/search/jql``, the others at ``/search``.

Sources: developer.atlassian.com, "The Jira Cloud platform REST API" v3 (issues, issue search, issue comments);
"Jira Data Center platform REST API" v2.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from poise.notify.calling import require_taken
from poise.notify.delivery import NotDelivered
from poise.notify.tickets import Held, Site, Wanted, shape

CLOUD, SERVER = "3", "2"
DONE = "done"
"""Category of statuses in which nothing is left to do."""


@dataclass(frozen=True)
class Jira:
    """One project of a site. Options: ``project``, ``issue_type``, ``version``, ``done``, ``reopen``."""

    site: Site
    options: Mapping[str, str]

    @property
    def _version(self) -> str:
        return self.options.get("version", CLOUD)

    @property
    def _root(self) -> str:
        return f"/rest/api/{self._version}"

    def find(self, external: str) -> Held | None:
        """Return the issue of a finding, if there is one."""
        project = self.options.get("project", "")
        query = f'project = "{project}" AND labels = "{_label(external)}" ORDER BY created ASC'
        body = {"jql": query, "maxResults": 1, "fields": ["status"]}
        path = "/search/jql" if self._version == CLOUD else "/search"
        issues = shape(self.site.ask("POST", f"{self._root}{path}", body), "issues")
        return self._held(issues[0]) if issues else None

    def create(self, wanted: Wanted) -> Held:
        """Make an issue."""
        fields = {
            "project": {"key": self.options.get("project", "")},
            "issuetype": {"name": self.options.get("issue_type", "Task")},
            "summary": wanted.short_title,
            "description": self._text(wanted.paragraphs),
            "labels": ["poise", _label(wanted.external)],
        }
        made = self.site.ask("POST", f"{self._root}/issue", {"fields": fields})
        key = str(shape(made, "key"))
        return self.read(key, wanted.external) or Held(key, self._link(key), "", False)

    def read(self, number: str, external: str) -> Held | None:
        """Return an issue; None if it was removed."""
        answer = self.site.call("GET", f"{self._root}/issue/{quote(number, safe='')}?fields=status")
        if answer.status == 404:
            return None
        require_taken(answer, "Jira")
        return self._held(answer.json())

    def close(self, held: Held, external: str, text: str) -> Held:
        """Comment, and go through the transition that ends the issue."""
        return self._move(held, external, text, self.options.get("done", ""), is_done=True)

    def reopen(self, held: Held, external: str, text: str) -> Held:
        """Comment, and go through a transition that leads back to work."""
        return self._move(held, external, text, self.options.get("reopen", ""), is_done=False)

    def _move(self, held: Held, external: str, text: str, named: str, *, is_done: bool) -> Held:
        path = f"{self._root}/issue/{quote(held.number, safe='')}"
        self.site.ask("POST", f"{path}/comment", {"body": self._text([text])})
        if held.is_closed is is_done:
            return held
        found = shape(self.site.ask("GET", f"{path}/transitions"), "transitions")
        chosen = next((one for one in found if _leads(one, named, is_done=is_done)), None)
        if chosen is None:
            raise NotDelivered(
                f"{held.number} has no transition {'to its end' if is_done else 'back to work'}.",
                "Name one in the channel's options: done, reopen.",
                is_final=True,
            )
        self.site.ask("POST", f"{path}/transitions", {"transition": {"id": str(shape(chosen, "id"))}})
        return self.read(held.number, external) or held

    def _held(self, issue: Any) -> Held:
        key = str(shape(issue, "key"))
        status = shape(issue, "fields", "status")
        is_closed = shape(status, "statusCategory", "key") == DONE
        return Held(key, self._link(key), str(shape(status, "name")), is_closed)

    def _link(self, key: str) -> str:
        return f"{self.site.url.rstrip('/')}/browse/{quote(key, safe='')}"

    def _text(self, paragraphs: list[str]) -> Any:
        if self._version == SERVER:
            return "\n\n".join(paragraphs)
        content = [{"type": "paragraph", "content": [{"type": "text", "text": text}]} for text in paragraphs]
        return {"type": "doc", "version": 1, "content": content}


def _label(external: str) -> str:
    return f"poise-{external}"


def _leads(transition: Any, named: str, *, is_done: bool) -> bool:
    """Whether a transition is the named one, or, where none is named, leads to the right sort of status."""
    if named:
        return str(shape(transition, "name")).casefold() == named.casefold()
    return (shape(transition, "to", "statusCategory", "key") == DONE) is is_done
