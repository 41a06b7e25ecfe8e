"""What the server of the explorer tells of what goes wrong while a tab is closed."""

from __future__ import annotations

import asyncio
import gc

import pytest
from tornado.iostream import StreamClosedError
from tornado.websocket import WebSocketClosedError

from fota_sim.report.explore.server import unless_closed


@pytest.mark.parametrize(
    ("error", "told"), [(WebSocketClosedError(), False), (StreamClosedError(), False), (ValueError("a fault"), True)]
)
def test_that_a_tab_was_closed_is_not_told_and_a_fault_is(
    error: Exception, told: bool, caplog: pytest.LogCaptureFixture
) -> None:
    async def sent() -> None:
        raise error

    async def main() -> None:
        asyncio.get_running_loop().set_exception_handler(unless_closed)
        task = asyncio.ensure_future(sent())
        await asyncio.wait([task])
        del task  # nobody asks what became of it
        gc.collect()

    asyncio.run(main())
    assert bool(caplog.records) is told
