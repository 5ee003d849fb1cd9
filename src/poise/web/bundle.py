"""The built assets: content-hashed files, their manifest, and how they are served."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

from starlette.datastructures import Headers
from starlette.responses import FileResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

STATIC = Path(__file__).parent / "static"
HOW_TO_BUILD = "Run `pip install -e .` in the checkout to build them."
FOREVER = "public, max-age=31536000, immutable"
COMPRESSED_TYPES = {".js": "text/javascript", ".css": "text/css"}


@cache
def manifest() -> dict[str, str]:
    """Return source name -> built file name; empty if the assets were never built."""
    path = STATIC / "manifest.json"
    if not path.exists():
        return {}
    names: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    return names


def missing_assets() -> str:
    """Say what is wrong with the web assets and what to do, or return an empty text."""
    return "" if manifest() else f"The web assets are not built, so there are no pages. {HOW_TO_BUILD}"


def address_of(name: str) -> str:
    """Return the address of a built asset, such as ``app.js``."""
    return f"/static/{manifest()[name]}"


class BuiltFiles(StaticFiles):
    """Serves the assets: cached for ever, as their names change with their content, and compressed beforehand."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Answer with the compressed twin where there is one and the browser takes it."""
        response = await self._compressed(path, scope) or await super().get_response(path, scope)
        response.headers["Cache-Control"] = FOREVER
        return response

    async def _compressed(self, path: str, scope: Scope) -> Response | None:
        kind = COMPRESSED_TYPES.get(Path(path).suffix)
        if kind is None or "gzip" not in Headers(scope=scope).get("accept-encoding", ""):
            return None
        twin, found = self.lookup_path(f"{path}.gz")
        if found is None:
            return None
        headers = {"Content-Encoding": "gzip", "Vary": "Accept-Encoding"}
        return FileResponse(twin, media_type=kind, headers=headers, stat_result=found)
