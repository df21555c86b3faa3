"""Ctrl-C: at any moment within two seconds, with what is kept and the line to go on with.

Python runs its handler only between two of its own instructions, so a compiler at work or a long year would be waited
for. The operating system therefore wakes a thread of ours as well (`signal.set_wakeup_fd`): it says at once that the
program is stopping, and where the main thread is not done after `PATIENCE` it tells what is kept and ends the process.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import socket
import sys
import threading
from collections.abc import Callable
from types import FrameType
from typing import NoReturn

from command.terminal import INTERRUPTED, Progress, say

AT_ONCE, PATIENCE = 0.3, 0.9  # seconds until it says that it is stopping, and that it gets from then on


def nothing_kept(again: str) -> int:
    """What is said where a verb has nothing to keep: it writes when all is known."""
    say("\nstopped.  nothing new is kept, what was stored stays.  go on with the same line:")
    say(f"  {again}")
    return INTERRUPTED


def plays_kept(again: str, progress: Progress) -> int:
    """What is said where a verb plays plans one after the other, each of which is stored when it is done."""
    progress.clear()
    kept = len(progress.stored)
    say(f"\nstopped.  {kept} {'plan is' if kept == 1 else 'plans are'} kept, the rest is played when you go on:")
    say(f"  {again}")
    return INTERRUPTED


class _Stop:
    """What is known of the verb under way: what to say of it, and whether it has been said."""

    def __init__(self, tell: Callable[[], int]) -> None:
        self.tell = tell
        self.owner, self.lock, self.told = os.getpid(), threading.Lock(), False
        self.asked, self.left = False, threading.Event()

    def say_once(self) -> int:
        """What is kept, said by whoever comes first: the main thread, or the one that loses patience."""
        with self.lock:
            if not self.told:
                self.told = True
                return self.tell()
            return INTERRUPTED


_now: _Stop | None = None


def keep(tell: Callable[[], int]) -> None:
    """From now on ``tell`` says what is kept after Ctrl-C; it returns the exit code."""
    if _now is not None:
        _now.tell = tell


def stopped() -> bool:
    """Whether Ctrl-C was pressed: Python may wrap its KeyboardInterrupt into an error of another name."""
    return _now is not None and _now.asked


def stoppable(verb: Callable[[], int], again: str) -> int:
    """Runs a verb; returns its exit code, or after Ctrl-C `INTERRUPTED`. ``again`` is the line that was typed."""
    global _now
    if threading.current_thread() is not threading.main_thread() or signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        return verb()  # as `nohup` and the background of a script want it
    stop = _now = _Stop(lambda: nothing_kept(again))
    heard, woken = socket.socketpair()
    woken.setblocking(False)
    watcher = threading.Thread(target=_watch, args=(stop, heard), daemon=True, name="ctrl-c")
    watcher.start()
    handler, wakeup = signal.signal(signal.SIGINT, _interrupt), signal.set_wakeup_fd(woken.fileno())
    unhandled = threading.excepthook
    try:
        return verb()
    except KeyboardInterrupt:
        return stop.say_once()
    finally:
        stop.left.set()
        signal.set_wakeup_fd(wakeup)
        signal.signal(signal.SIGINT, handler)
        threading.excepthook, _now = unhandled, None
        woken.close()
        watcher.join(AT_ONCE)
        heard.close()


def leave() -> NoReturn:
    """Ends the process here: threads that still play are not waited for.

    Python itself would end by the signal, not with the exit code, where Ctrl-C came while it ran a piece of text.
    """
    with contextlib.suppress(Exception):  # what was printed before is a result
        sys.stdout.flush()
    os._exit(INTERRUPTED)


def _interrupt(signum: int, frame: FrameType | None) -> None:
    """In the main thread: unwinds it, once; a second Ctrl-C changes nothing."""
    if _now is None or os.getpid() != _now.owner:
        os._exit(INTERRUPTED)  # a worker that was forked: its parent says what there is to say
    _now.asked = True
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.excepthook = lambda said: None  # Python's own pool trips over workers that are gone
    _end_workers()
    raise KeyboardInterrupt


def _watch(stop: _Stop, heard: socket.socket) -> None:
    """In a thread of its own: waits for the signal, then for the main thread to be done with it."""
    while signal.SIGINT not in (signals := heard.recv(16)):
        if not signals:
            return
    if stop.left.wait(AT_ONCE):
        return
    if not stop.told:
        say("\nstopping …")
    if stop.left.wait(PATIENCE):
        return
    _end_workers()
    stop.say_once()
    leave()


def _end_workers() -> None:
    """Ends the processes that play for this one; they would finish their years first."""
    for child in multiprocessing.active_children():
        child.terminate()
