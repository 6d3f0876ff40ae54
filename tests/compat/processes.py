"""Processes: servers that are always stopped, and commands that never hang."""

import os
import queue
import socket
import subprocess
import sys
import threading
import time
from dataclasses import dataclass


def free_port():
    """A port of loopback that nobody listens on at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def clean_environment(home):
    """Environment variables of a machine without AWS settings of its own; all files are below `home`."""
    return {
        "PATH": os.environ.get("PATH", "/usr/bin:/bin"),
        "LANG": "C.UTF-8",
        "HOME": str(home),
        "XDG_CONFIG_HOME": str(home / "config"),
        "XDG_CACHE_HOME": str(home / "cache"),
        "XDG_STATE_HOME": str(home / "state"),
        "XDG_DATA_HOME": str(home / "data"),
        "AWS_CONFIG_FILE": str(home / "aws" / "config"),
        "AWS_SHARED_CREDENTIALS_FILE": str(home / "aws" / "credentials"),
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_PAGER": "",
        "NO_PROXY": "127.0.0.1,localhost",
    }


@dataclass
class Finished:
    """How a command ended. `code` is None where it had to be stopped."""

    code: int | None
    out: str
    err: str
    seconds: float


def run(command, environment, timeout):
    """Runs a command with nothing on its standard input."""
    began = time.monotonic()
    process = subprocess.Popen(
        command,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    try:
        out, err = process.communicate(timeout=timeout)
        code = process.returncode
    except subprocess.TimeoutExpired:
        process.kill()
        out, err = process.communicate()
        code = None
    return Finished(code, out.decode("utf-8", "replace"), err.decode("utf-8", "replace"), time.monotonic() - began)


_RUNNING = set()


def stop_all():
    """Ends every server: for when this program is ended from outside."""
    for server in list(_RUNNING):
        server.process.terminate()


class Server:
    """A server in a process of its own; leaving the `with` block stops it."""

    def __init__(self, command, environment):
        self.command = [str(part) for part in command]
        self.environment = environment
        self.process = None

    def __enter__(self):
        self.process = subprocess.Popen(
            self.command,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        _RUNNING.add(self)
        self._lines = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()
        return self

    def _read(self):
        for line in self.process.stdout:
            self._lines.put(line)
        self._lines.put("")

    def first_line(self, timeout):
        """The first line of its standard output; empty where it ended without one."""
        try:
            return self._lines.get(timeout=timeout)
        except queue.Empty:
            raise TimeoutError(f"{self.command[0]} printed nothing in {timeout} s") from None

    def wait_for_port(self, port, timeout):
        """Returns when it listens."""
        deadline = time.monotonic() + timeout
        while time.monotonic() < deadline and self.process.poll() is None:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    return
            time.sleep(0.1)
        raise TimeoutError(f"{self.command[0]} does not listen on {port}")

    def stop(self):
        """Asks it to end, and ends it where it does not. The exit code, negative for a signal that it did not catch."""
        self.process.terminate()
        try:
            return self.process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            return self.process.wait()

    def __exit__(self, *_):
        _RUNNING.discard(self)
        if self.process.poll() is None:
            self.stop()


def python_module(module, *arguments):
    """The command for a module of this Python."""
    return [sys.executable, "-m", module, *arguments]
