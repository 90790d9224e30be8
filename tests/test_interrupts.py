"""An interrupt ends the process at once, and only where it is asked to."""

import signal
import subprocess
import sys

from assistant.interrupts import EXIT_INTERRUPTED, interruptible

SWALLOWING = """
import signal
from assistant.interrupts import interruptible
with interruptible():
    try:
        signal.raise_signal(signal.SIGINT)
    except BaseException:
        pass
print("it went on")
"""


def test_an_interrupt_is_not_lost_where_everything_is_caught() -> None:
    ended = subprocess.run([sys.executable, "-c", SWALLOWING], capture_output=True, text=True)
    assert (ended.returncode, ended.stdout, ended.stderr) == (EXIT_INTERRUPTED, "", "Stopped.\n")


def test_afterwards_an_interrupt_is_what_it_was() -> None:
    before = signal.getsignal(signal.SIGINT)
    with interruptible():
        assert signal.getsignal(signal.SIGINT) != before
    assert signal.getsignal(signal.SIGINT) == before
