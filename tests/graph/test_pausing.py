"""The search for cycles goes on once nobody asks for the pause any more."""

import gc
import threading

import pytest

from poise.graph.pausing import collection_paused


def fail_within():
    with collection_paused():
        with collection_paused():
            assert not gc.isenabled()
        assert not gc.isenabled()
        raise RuntimeError


def test_it_goes_on_after_the_last_pause_and_after_an_error():
    with pytest.raises(RuntimeError):
        fail_within()
    assert gc.isenabled()


def test_pauses_of_several_threads_end_with_the_last():
    inside, leave = threading.Event(), threading.Event()

    def pause():
        with collection_paused():
            inside.set()
            leave.wait(10)

    thread = threading.Thread(target=pause)
    with collection_paused():
        thread.start()
        assert inside.wait(10)
    assert not gc.isenabled()
    leave.set()
    thread.join(10)
    assert gc.isenabled()


def test_who_has_switched_it_off_finds_it_off():
    gc.disable()
    try:
        with collection_paused():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()
