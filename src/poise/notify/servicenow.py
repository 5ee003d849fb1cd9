"""Records in ServiceNow through its Table API. A finding's record has its id as ``correlation_id``.

An incident that is resolved or closed needs a close code and notes; which codes there are is up to the instance.

Sources: servicenow.com/docs, "Table API"; "Incident states" (6 resolved, 7 closed, 8 cancelled).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from poise.notify.delivery import NotDelivered
from poise.notify.tickets import Held, Site, Wanted, shape

FIELDS = "sys_id,number,state"
NEW, IN_PROGRESS, RESOLVED = "1", "2", "6"
CLOSED = frozenset({"6", "7", "8"})
STATES = {"1": "New", "2": "In progress", "3": "On hold", "6": "Resolved", "7": "Closed", "8": "Cancelled"}
URGENCY = {"critical": "1", "high": "1", "medium": "2", "low": "3"}
"""Risk level -> urgency and impact: 1 high, 2 medium, 3 low."""
CLOSE_CODE = "Solution provided"


@dataclass(frozen=True)
class ServiceNow:
    """One table of an instance. Options: ``table``, ``group``, ``close_code``."""

    site: Site
    options: Mapping[str, str]

    @property
    def _table(self) -> str:
        return self.options.get("table", "incident")

    @property
    def _root(self) -> str:
        return f"/api/now/table/{quote(self._table, safe='')}"

    def find(self, external: str) -> Held | None:
        """Return the record of a finding, if there is one."""
        row = self._row(external)
        return None if row is None else self._held(row)

    def create(self, wanted: Wanted) -> Held:
        """Make a record."""
        urgency = URGENCY.get(wanted.level, "3")
        body = {
            "short_description": wanted.short_title,
            "description": "\n".join(wanted.paragraphs),
            "correlation_id": wanted.external,
            "correlation_display": "Poise",
            "urgency": urgency,
            "impact": urgency,
        }
        group = self.options.get("group")
        body |= {"assignment_group": group} if group else {}
        made = self.site.ask("POST", f"{self._root}?{urlencode({'sysparm_fields': FIELDS})}", body)
        return self._held(shape(made, "result"))

    def read(self, number: str, external: str) -> Held | None:
        """Return a record; None if it was removed."""
        return self.find(external)

    def close(self, held: Held, external: str, text: str) -> Held:
        """Note why, and resolve it."""
        code = self.options.get("close_code", CLOSE_CODE)
        changes = {"work_notes": text}
        if not held.is_closed:
            changes |= {"state": RESOLVED, "close_code": code, "close_notes": text}
        return self._patch(external, changes)

    def reopen(self, held: Held, external: str, text: str) -> Held:
        """Note why, and take it back into work."""
        return self._patch(external, {"work_notes": text} | ({"state": IN_PROGRESS} if held.is_closed else {}))

    def _patch(self, external: str, changes: Mapping[str, str]) -> Held:
        row = self._row(external)
        if row is None:
            raise NotDelivered(f"The record of {external} was removed from ServiceNow.", is_final=True)
        path = f"{self._root}/{quote(str(shape(row, 'sys_id')), safe='')}?{urlencode({'sysparm_fields': FIELDS})}"
        return self._held(shape(self.site.ask("PATCH", path, changes), "result"))

    def _row(self, external: str) -> Any:
        query = {"sysparm_query": f"correlation_id={external}^ORDERBYsys_created_on", "sysparm_fields": FIELDS}
        rows = shape(self.site.ask("GET", f"{self._root}?{urlencode(query | {'sysparm_limit': '1'})}"), "result")
        return rows[0] if rows else None

    def _held(self, row: Any) -> Held:
        state, key = str(shape(row, "state")), quote(str(shape(row, "sys_id")), safe="")
        link = f"{self.site.url.rstrip('/')}/nav_to.do?uri={self._table}.do?sys_id={key}"
        return Held(str(shape(row, "number")), link, STATES.get(state, state), state in CLOSED)
