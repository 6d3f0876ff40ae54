"""The AWS CLI against a served drill."""

import json
import multiprocessing
import os
import re
import sys
import tempfile
import threading
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.connection import wait

from processes import Finished, Server, clean_environment

# Processes of the AWS CLI at once.
AT_ONCE = 3
# Loading the AWS CLI's modules takes most of a command's time: each command is a fork of a process that has them.
FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload(["awscli.clidriver"])
# Starting a process also looks after those of other threads; two threads must not fetch the same exit code.
FORKING = threading.Lock()


def command_line(arguments, environment, out, err):
    """What the program `aws` does, in a process of its own."""
    for number, path in ((1, out), (2, err)):
        os.dup2(os.open(path, os.O_WRONLY), number)
    # The AWS CLI finds its own data by a variable that it sets when it is loaded.
    own = {name: value for name, value in os.environ.items() if name == "AWS_DATA_PATH"}
    os.environ.clear()
    os.environ.update(environment | own)
    sys.argv = ["aws", *arguments]
    from awscli.clidriver import main

    sys.exit(main())


def run(arguments, environment, timeout):
    """Runs `aws` with these arguments."""
    with tempfile.NamedTemporaryFile() as out, tempfile.NamedTemporaryFile() as err:
        process = FORKS.Process(target=command_line, args=(arguments, environment, out.name, err.name))
        with FORKING:
            process.start()
        if not wait([process.sentinel], timeout):
            process.kill()
        with FORKING:
            process.join()
        said = [file.read().decode("utf-8", "replace") for file in (out, err)]
        return Finished(process.exitcode, *said, 0.0)


class AwsCli:
    """The AWS CLI with an endpoint; credentials choose the account."""

    def __init__(self, folder, endpoint):
        self.environment = clean_environment(folder)
        self.endpoint = endpoint
        (folder / "aws").mkdir()
        # Otherwise times stay as the protocol has them: numbers in CBOR.
        (folder / "aws" / "config").write_text("[default]\ncli_timestamp_format = iso8601\n")

    def raw(self, account, region, *command, keys=None):
        """Runs a command as somebody of `account`, or with the keys of a role."""
        keys = keys or {"AWS_ACCESS_KEY_ID": f"AKIADRIL{account}", "AWS_SECRET_ACCESS_KEY": "any"}
        flags = ["--endpoint-url", self.endpoint, "--region", region, "--output", "json"]
        return run([*command, *flags], self.environment | keys, timeout=90)

    def ask(self, account, region, *command, keys=None):
        """The parsed answer of a command."""
        finished = self.raw(account, region, *command, keys=keys)
        if finished.code != 0:
            raise AssertionError(f"aws {' '.join(command)}: exit code {finished.code}: {finished.err.strip()}")
        return json.loads(finished.out)

    def ask_all(self, account, region, commands):
        """The answers of several commands by name; an answer that failed raises when it is looked at."""
        with ThreadPoolExecutor(AT_ONCE) as pool:
            jobs = {name: pool.submit(self.ask, account, region, *command) for name, command in commands.items()}
        return Answers(jobs)


class Answers:
    """Answers by name."""

    def __init__(self, jobs):
        self._jobs = jobs

    def __getitem__(self, name):
        return self._jobs[name].result()


class ServedDrill(Server):
    """`watchfloor drill ESTATE --serve`, standing still at one simulated moment."""

    def __init__(self, binary, folder, estate, *flags):
        command = [binary, "drill", estate, "--serve", "127.0.0.1:0", *flags]
        super().__init__(command, clean_environment(folder))

    def __enter__(self):
        super().__enter__()
        line = self.first_line(30)
        found = re.search(r"http://127\.0\.0\.1:\d+", line)
        if not found:
            self.stop()
            raise AssertionError(f"no address in the first line: {line!r}")
        self.endpoint = found.group()
        return self


def alarm_types(*types):
    """The flags for these types of alarms."""
    return ["cloudwatch", "describe-alarms", "--alarm-types", *types]
