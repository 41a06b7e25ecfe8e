"""How much of the work is done: who listens is heard at every look, and the rows are counted now and then."""

from fota_sim.engines.work import COUNTED_EVERY_S, WHOLE, Work


def test_the_one_who_listens_is_called_at_every_look_and_the_share_is_counted_now_and_then():
    now_s, told, counted = 0.0, [], 0

    def count():
        nonlocal counted
        counted += 1
        return 0.5

    work = Work(lambda done, whole: told.append((done, whole)), lambda: now_s)
    for look in range(100):
        now_s = look * COUNTED_EVERY_S / 10
        work.look(count)
    assert counted == 9
    assert told == [(0, WHOLE)] * 10 + [(WHOLE // 2, WHOLE)] * 90


def test_what_is_told_never_goes_back_and_ends_with_all():
    now_s, told, shares = 0.0, [], iter([0.6, 0.4, 1.5])
    work = Work(lambda done, _: told.append(done), lambda: now_s)
    for look in range(1, 4):
        now_s = look * COUNTED_EVERY_S
        work.look(lambda: next(shares))
    work.end()
    assert told == [0.6 * WHOLE, 0.6 * WHOLE, WHOLE, WHOLE]


def test_nothing_is_counted_for_nobody():
    now_s = 0.0
    work = Work(None, lambda: now_s)
    now_s = 10.0
    work.look(lambda: 1 // 0)
    work.end()
