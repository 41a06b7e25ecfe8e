import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from fota_sim.experiment.interrupt import deferred, held


def test_ctrl_c_is_heard_when_the_block_has_ended() -> None:
    done = []

    def work() -> None:
        with deferred():
            signal.raise_signal(signal.SIGINT)
            done.append("all of it")

    with pytest.raises(KeyboardInterrupt):
        work()
    assert done == ["all of it"]


def test_a_second_ctrl_c_is_heard_at_once() -> None:
    done = []

    def work() -> None:
        with deferred():
            signal.raise_signal(signal.SIGINT)
            signal.raise_signal(signal.SIGINT)
            done.append("not reached")

    with pytest.raises(KeyboardInterrupt):
        work()
    assert done == []
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_ctrl_c_is_heard_where_it_is_asked_for() -> None:
    done = []

    def work() -> None:
        with held() as heard:
            signal.raise_signal(signal.SIGINT)
            done.append("all of a step")
            heard()
            done.append("not reached")

    with pytest.raises(KeyboardInterrupt):
        work()
    assert done == ["all of a step"]
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_ctrl_c_that_came_is_heard_though_nobody_wants_the_rest() -> None:
    def steps() -> Iterator[int]:
        with held() as heard:
            while True:
                heard()
                yield 1

    given = steps()
    next(given)
    signal.raise_signal(signal.SIGINT)
    with pytest.raises(KeyboardInterrupt):
        given.close()
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_a_thread_has_no_ctrl_c_to_hold() -> None:
    def work() -> object:
        with held() as heard:
            heard()
            return signal.getsignal(signal.SIGINT)

    with ThreadPoolExecutor(1) as threads:
        assert threads.submit(work).result() is signal.default_int_handler
