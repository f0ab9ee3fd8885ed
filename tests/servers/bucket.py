"""A bucket of this test run's own: moto, which answers as Amazon's S3 does, on loopback."""

from __future__ import annotations

import logging
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

from moto.server import ThreadedMotoServer

KEYS = {"AWS_ACCESS_KEY_ID": "of the tests", "AWS_SECRET_ACCESS_KEY": "of the tests"}
"""What a program finds in its environment; moto takes any."""

_SIGNED = "AWS4-HMAC-SHA256 Credential=x/20260101/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=x"


@contextmanager
def running_bucket() -> Iterator[str]:
    """Start it, with a bucket in it; yields MEEBESLIS_FILES_URL for that bucket."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        host, port = server.get_host_and_port()
        endpoint = f"http://{host}:{port}"
        make = urllib.request.Request(f"{endpoint}/fonds", method="PUT", headers={"authorization": _SIGNED})
        urllib.request.urlopen(make).close()
        yield f"s3://fonds/bijlagen/2026?endpoint={endpoint}&region=us-east-1"
    finally:
        server.stop()
