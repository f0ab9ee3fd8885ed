"""What a server process loads: the service for the settings in the environment."""

from __future__ import annotations

import os

from starlette.applications import Starlette

from deploy.app import create_app
from deploy.settings import from_environment


def application() -> Starlette:
    """The service; MEEBESLIS_NO_WORKER is set by `serve --no-worker` for its own processes."""
    with_worker = not os.environ.get("MEEBESLIS_NO_WORKER")
    return create_app(from_environment(os.environ), with_worker=with_worker)
