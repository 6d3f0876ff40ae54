"""Compares watchfloor with what others say of AWS: the AWS CLI reads the served drill, watchfloor reads a moto server.

Usage: run.py --binary target/debug/watchfloor [--only drill|wall|compare|input|actions]
One line a check; exit code 1 where one fails.
"""

import argparse
import os
import shutil
import signal
import sys
import tempfile
import threading
import time
from pathlib import Path

import bad_input
import drill_ecs
import drill_estates
import drill_payments
import moto_actions
import moto_compare
import wall
from expect import Checks
from processes import stop_all

# Groups of parts: groups run side by side, the parts of a group one after the other.
GROUPS = [
    {"drill": [drill_payments.check, drill_ecs.check, drill_estates.check]},
    {"wall": [wall.check], "compare": [moto_compare.check], "input": [bad_input.check], "actions": [moto_actions.check]},
]


def group(parts, only, checks, binary, folder):
    """Runs the parts of a group."""
    for name, functions in parts.items():
        if only in (None, name):
            for function in functions:
                title = f"{function.__module__} as a whole"
                with checks.part(title), tempfile.TemporaryDirectory(dir=folder, ignore_cleanup_errors=True) as own:
                    function(checks, binary, Path(own))


def ended(number, folder):
    """Ended from outside: no server and no file stays behind."""
    stop_all()
    shutil.rmtree(folder, ignore_errors=True)
    os._exit(128 + number)


def main():
    """Runs everything and says how it went."""
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--binary", type=Path, required=True)
    arguments.add_argument("--only", choices=[name for parts in GROUPS for name in parts])
    given = arguments.parse_args()
    checks = Checks()
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="watchfloor-compat-", ignore_cleanup_errors=True) as folder:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda number, _: ended(number, folder))
        beside = [
            threading.Thread(target=group, args=(parts, given.only, checks, given.binary.resolve(), folder))
            for parts in GROUPS[1:]
        ]
        for thread in beside:
            thread.start()
        group(GROUPS[0], given.only, checks, given.binary.resolve(), folder)
        for thread in beside:
            thread.join()
    print(f"{time.monotonic() - began:.0f} s")
    print(f"{checks.passed} passed, {checks.failed} failed")
    return 1 if checks.failed or not checks.passed else 0


if __name__ == "__main__":
    sys.exit(main())
