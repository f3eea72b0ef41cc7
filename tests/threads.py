"""Threads that take over from one another as often as Python lets them."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterable


def run_at_once(works: Iterable[Callable[[], object]]) -> None:
    """Do each work in a thread of its own, and wait for all."""
    before = sys.getswitchinterval()
    threads = [threading.Thread(target=work) for work in works]
    sys.setswitchinterval(1e-6)
    try:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        sys.setswitchinterval(before)
