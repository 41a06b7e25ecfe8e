import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from fota_sim.interrupt import beside, deferred, held


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


class Busy:
    """Work without end, for as long as it is wanted."""

    def __init__(self) -> None:
        self.begun, self.over = threading.Event(), False

    def __call__(self, wanted: Callable[[], bool]) -> None:
        self.begun.set()
        while wanted():
            pass
        self.over = True


def test_work_beside_is_over_when_the_block_is_left() -> None:
    done: list[str] = []
    first = threading.Event()

    def work(wanted: Callable[[], bool]) -> None:
        first.wait()
        done.append(f"beside, wanted: {wanted()}, in the same thread: {threading.current_thread() is main}")

    main = threading.current_thread()
    with beside(work):
        done.append("here")
        first.set()
    assert done == ["here", "beside, wanted: True, in the same thread: False"]


def test_what_work_beside_raises_comes_at_the_end_of_the_block() -> None:
    done: list[str] = []

    def work(_wanted: Callable[[], bool]) -> None:
        raise OSError("the disk is full")

    def both() -> None:
        with beside(work):
            done.append("all of the block")

    with pytest.raises(OSError, match="the disk is full"):
        both()
    assert done == ["all of the block"]


def test_work_beside_is_not_wanted_any_more_if_the_block_fails() -> None:
    work = Busy()

    def both() -> None:
        with beside(work):
            work.begun.wait()
            raise ValueError("of the block")

    with pytest.raises(ValueError, match="of the block"):
        both()
    assert work.over


def test_ctrl_c_in_the_block_is_heard_where_it_is_asked_for_and_ends_the_work_beside() -> None:
    work, done = Busy(), []

    def both() -> None:
        with beside(work) as heard:
            work.begun.wait()
            signal.raise_signal(signal.SIGINT)
            done.append("all of a step")
            heard()
            done.append("not reached")

    with pytest.raises(KeyboardInterrupt):
        both()
    assert (done, work.over) == (["all of a step"], True)
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_ctrl_c_is_heard_while_work_beside_is_waited_for() -> None:
    def work(wanted: Callable[[], bool]) -> None:
        signal.raise_signal(signal.SIGINT)  # Python hears it in its first thread
        Busy()(wanted)

    def both() -> None:
        with beside(work):
            pass

    with pytest.raises(KeyboardInterrupt):
        both()
