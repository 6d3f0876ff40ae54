"""The AWS CLI against a served drill."""

import json
import re
from concurrent.futures import ThreadPoolExecutor

from processes import Server, clean_environment, python_module, run

# Processes of the AWS CLI at once.
AT_ONCE = 3


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
        return run(python_module("awscli", *command, *flags), self.environment | keys, timeout=90)

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
