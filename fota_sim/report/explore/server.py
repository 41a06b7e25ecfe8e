"""The pages of all users, served on this machine only."""

from __future__ import annotations

import asyncio
import gc
import logging
import os
import socket
from collections.abc import Callable
from contextlib import closing
from typing import Any

import panel as pn
from bokeh.events import ConnectionLost
from tornado.ioloop import IOLoop
from tornado.iostream import StreamClosedError
from tornado.websocket import WebSocketClosedError

from fota_sim.analysis.run.outline import Outline
from fota_sim.errors import FotaSimError
from fota_sim.report.explore.lost import say_where_lost
from fota_sim.report.explore.pace import Pace, Samples
from fota_sim.report.explore.page import Page
from fota_sim.report.explore.player import Play, Progress
from fota_sim.report.explore.playing import notice_of, play_on
from fota_sim.report.explore.shelf import Shelf
from fota_sim.report.explore.source import Source
from fota_sim.report.explore.style import spare_sheets
from fota_sim.report.explore.timeline import OFF, Timeline
from fota_sim.scenario.model import Scenario

ADDRESS = "127.0.0.1"
"""Nobody but this machine gets in."""


def explore_server(
    source: Source, engine: str, port: int = 0, *, samples: Samples | None = None, timeline: Timeline = OFF
) -> tuple[Any, str]:
    """The server, not yet running, and its address; port 0 is a free one. ``server.run_until_shutdown`` runs it.

    ``samples``: when a sample answers first; None: where all devices would take long. Only pages from its own address
    may talk to it. Raises FotaSimError if the port cannot be had.
    """
    logging.getLogger("bokeh").setLevel(logging.ERROR)  # a tab that is closed is nothing to warn of
    port = _free_port(port)
    shelf, pace = Shelf(), Pace()
    asked = samples or Samples(pace)
    play = _then_frozen(play_on(engine, plan=source.plan, pace=pace, timeline=timeline))

    def page() -> Any:
        return _session(source, engine, play, shelf, asked, timeline)

    try:
        server = pn.io.server.get_server(
            {"/": page},
            port=port,
            address=ADDRESS,
            websocket_origin=[f"{ADDRESS}:{port}"],
            title={"/": f"{source.path.stem}: fota-sim explore"},
            show=False,
            start=False,
        )
    except OSError as error:
        raise FotaSimError(_taken(port, error)) from error
    server.io_loop.asyncio_loop.set_exception_handler(unless_closed)
    return server, f"http://{ADDRESS}:{port}/"


def unless_closed(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """Tell what nobody caught, but not that a tab was closed while something was on its way to it.

    ``context``: as asyncio's handlers of exceptions have it.
    """
    if not isinstance(context.get("exception"), (StreamClosedError, WebSocketClosedError)):
        loop.default_exception_handler(context)


def _then_frozen(play: Play) -> Play:
    """The same; what is there after the first replication (libraries, compiled code, the page) stays.

    So the collector of garbage need not look through it any more, which took 0.1 s in the middle of an answer.
    """
    frozen = False

    def played(scenario: Scenario, replication: int, progress: Progress) -> Outline:
        nonlocal frozen
        found = play(scenario, replication, progress)
        if not frozen:
            frozen = True
            gc.freeze()
        return found

    return played


def _session(source: Source, engine: str, play: Play, shelf: Shelf, samples: Samples, timeline: Timeline) -> Any:
    """A page of its own for every tab."""
    document = pn.state.curdoc
    spare_sheets(document)
    say_where_lost(document)
    asked = {key: values[-1].decode("utf-8", "replace") for key, values in pn.state.session_args.items()}
    location, loop = pn.state.location, IOLoop.current()

    def moved(search: str) -> None:
        location.search = search

    def later(do: Callable[[], None]) -> None:
        def together() -> None:
            with pn.io.unlocked():  # one message for all that changes: each names every model of the page
                do()
            page.sent()

        # not from the player's thread: a callback that comes just as a message is put together would be lost
        loop.add_callback(document.add_next_tick_callback, together)

    page = Page(
        source,
        play,
        shelf,
        notice=lambda: notice_of(engine),
        link=asked,
        moved=moved,
        later=later,
        samples=samples,
        timeline=timeline,
    )
    pn.state.onload(page.begin)  # before the session is whole, what another thread asks of its document may be lost
    document.on_event(ConnectionLost, lambda _: page.close())  # the session lives on for half a minute
    pn.state.on_session_destroyed(lambda _: page.close())
    return page.view


def _free_port(wanted: int) -> int:
    with closing(socket.socket()) as probe:
        if os.name != "nt":  # as the server does: where one has just ended, another may listen
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((ADDRESS, wanted))
        except OSError as error:
            raise FotaSimError(_taken(wanted, error)) from error
        port: int = probe.getsockname()[1]
        return port


def _taken(port: int, error: OSError) -> str:
    return f"port {port} cannot be used: {error.strerror}; choose another with --port, or --port 0 for a free one"
