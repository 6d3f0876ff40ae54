"""Collects checks: one line each, and how many passed."""

import threading
from contextlib import contextmanager


def short(value, limit=300):
    """A value in few words, for a line about a failure."""
    text = repr(value)
    return text if len(text) <= limit else f"{text[:limit]}… ({len(text)} characters)"


class Checks:
    """Counts and prints. Several threads may check at once."""

    def __init__(self):
        self.passed = 0
        self.failed = 0
        self._lock = threading.Lock()

    def true(self, name, holds, detail=""):
        """`holds` must be true; `detail` says what was seen instead."""
        with self._lock:
            if holds:
                self.passed += 1
            else:
                self.failed += 1
            line = f"ok    {name}" if holds else f"FAIL  {name}: {detail}"
            print(line.replace("\n", "\n      "), flush=True)
        return holds

    def equal(self, name, got, want):
        """Both values must be the same."""
        return self.true(name, got == want, f"got {short(got)}, expected {short(want)}")

    def same_members(self, name, got, want):
        """Both lists must hold the same members equally often, in whatever order."""
        got, want = sorted(got, key=repr), sorted(want, key=repr)
        missing = [item for item in want if item not in got]
        extra = [item for item in got if item not in want]
        detail = f"{len(got)} of {len(want)}; missing {short(missing)}, too many {short(extra)}"
        return self.true(f"{name} ({len(want)})", got == want, detail)

    def contains(self, name, text, *parts):
        """Each part must occur in the text, in any case of letters."""
        missing = [part for part in parts if part.lower() not in text.lower()]
        return self.true(name, not missing, f"no {missing} in {short(text, 600)}")

    @contextmanager
    def part(self, name):
        """What goes wrong inside becomes one failed check; the other parts still run."""
        try:
            yield
        except Exception as error:  # noqa: BLE001 - whatever it is, it is the result of this part
            self.true(name, False, f"{type(error).__name__}: {error}")
