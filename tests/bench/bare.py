"""Starlette with nothing around it: the measure for our own pages."""

import os
from pathlib import Path

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route


def application() -> Starlette:
    """One address that answers the bytes of the file named by BENCH_BODY."""
    body = Path(os.environ["BENCH_BODY"]).read_bytes()

    async def answer(_: Request) -> Response:
        return Response(body, media_type="text/html")

    return Starlette(routes=[Route("/", answer)])
