import pytest

pytestmark = pytest.mark.anyio


async def test_home(client) -> None:
    answer = await client.get("/")
    assert answer.status_code == 404
