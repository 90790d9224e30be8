import os
import signal

from assistant.cli.termination import until_terminated


def test_sigterm_sets_the_event_and_is_as_before_afterwards() -> None:
    before = signal.getsignal(signal.SIGTERM)
    with until_terminated() as stop:
        assert not stop.is_set()
        os.kill(os.getpid(), signal.SIGTERM)
        assert stop.wait(30)
    assert signal.getsignal(signal.SIGTERM) is before
