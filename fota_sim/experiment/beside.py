"""Work that a second thread does beside what goes on in the first."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from fota_sim.experiment.interrupt import await_done, held

_LOOK_S = 0.2


@contextmanager
def beside(work: Callable[[Callable[[], bool]], None]) -> Iterator[Callable[[], None]]:
    """Have ``work`` done by a second thread while the block runs here; when that is left, both are over.

    ``work`` is given what says whether it is still wanted, to ask now and then: it is not any more once the block has
    failed. What ``work`` raises comes at the end of the block. The block is given where Ctrl-C is heard, to call now
    and then, for it is held as :func:`~fota_sim.experiment.interrupt.held` has it.
    """
    wanted = True
    with held() as heard:
        thread = ThreadPoolExecutor(1)
        try:
            done = thread.submit(work, lambda: wanted)
            yield heard
            await_done(done, heard, _LOOK_S)
            done.result()
        finally:
            wanted = False
            thread.shutdown()
