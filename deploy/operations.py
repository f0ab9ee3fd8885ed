"""What operators and their machines ask: is it alive, how is the mail, whom to tell of a weakness."""

from __future__ import annotations

from datetime import timedelta

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from tortoise import connections

from grants.store.outbox import counts
from grants.web.guard import PageRoute, file_route
from grants.web.render import static_file


async def health(_: Request) -> Response:
    """200 when the database answers, 503 when it does not."""
    try:
        await connections.get("default").execute_query("SELECT 1")
    except Exception:  # noqa: BLE001 - whatever is wrong with the database, the answer is the same
        return JSONResponse({"status": "database does not answer"}, 503, {"cache-control": "no-store"})
    return JSONResponse({"status": "ok"}, headers={"cache-control": "no-store"})


async def metrics(_: Request) -> Response:
    """The outbox in the text format of Prometheus."""
    lines = [f'meebeslis_letters{{state="{state}"}} {number}' for state, number in (await counts()).items()]
    return PlainTextResponse("# TYPE meebeslis_letters gauge\n" + "\n".join(lines) + "\n")


async def security_txt(request: Request) -> Response:
    """Whom to tell of a weakness (RFC 9116)."""
    site = request.app.state.site
    expires = request.app.state.clock() + timedelta(days=180)
    contact = site.contact.email or "security@localhost"
    return PlainTextResponse(
        f"Contact: mailto:{contact}\nExpires: {expires:%Y-%m-%dT%H:%M:%SZ}\nPreferred-Languages: nl, en\n"
        f"Canonical: {site.base_url}/.well-known/security.txt\n"
    )


ROUTES: tuple[PageRoute, ...] = (
    file_route("/health", health, name="health"),
    file_route("/metrics", metrics, name="metrics"),
    file_route("/.well-known/security.txt", security_txt, name="security"),
    file_route("/static/{name}", static_file, name="static"),
)
