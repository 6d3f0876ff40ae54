"""Runs watchfloor on configurations of its own and reads its report."""

import json

from processes import clean_environment, run

EXIT_OF_WORST = {"absent": 0, "ok": 0, "warning": 1, "critical": 2, "unknown": 3}
USAGE = 64
SIGNALS = ["alarms", "lambda-errors", "dynamodb-throttles", "api-gateway", "load-balancers", "ecs-capacity", "eks-capacity",
           "rds", "elasticache", "msk", "sqs", "custom"]
# What a Rust program says when it breaks instead of reporting.
CRASH_WORDS = ["panicked", "backtrace", "src/", ".rs:", "unwrap", "called `"]


class Home:
    """A home directory with AWS files and a configuration."""

    def __init__(self, folder, aws_config="", credentials="", configuration=None):
        self.folder = folder
        (folder / "aws").mkdir(parents=True)
        (folder / "aws" / "config").write_text(aws_config)
        (folder / "aws" / "credentials").write_text(credentials)
        self.configuration = folder / "watchfloor.toml"
        if configuration is not None:
            self.configuration.write_text(configuration)
        self.environment = clean_environment(folder)

    def run(self, binary, *arguments, timeout=30, variables=None):
        """One command, with more environment variables."""
        return run([str(binary), *arguments], self.environment | (variables or {}), timeout)

    def status(self, binary, *arguments, timeout=100, variables=None):
        """`status --json` on the configuration, with its report."""
        command = ["status", "--json", "--config", str(self.configuration), *arguments]
        finished = self.run(binary, *command, timeout=timeout, variables=variables)
        return finished, report_of(finished)


def report_of(finished):
    """The report of `status --json`."""
    try:
        return json.loads(finished.out)
    except ValueError:
        raise AssertionError(f"no report; exit code {finished.code}, standard error: {finished.err[-800:]}") from None


def environments(report):
    """The environments of a report by name."""
    return {e["name"]: e for system in report["systems"] for e in system["environments"]}


def signals(environment):
    """The signals of an environment by id."""
    return {signal["id"]: signal for signal in environment["signals"]}


def resources(environment, signal_id):
    """The resources of a signal by name."""
    return {resource["name"]: resource for resource in signals(environment)[signal_id]["resources"]}


def crash_words(finished):
    """Words of a crash in what a command said."""
    said = finished.out + finished.err
    return [word for word in CRASH_WORDS if word in said]


def environment_toml(name, tier="development", system="payments", **fields):
    """An `[[environment]]` of the configuration."""
    lines = ["[[environment]]", f'system = "{system}"', f'name = "{name}"', f'tier = "{tier}"']
    lines += [f"{key} = {json.dumps(value)}" for key, value in fields.items()]
    return "\n".join(lines) + "\n\n"


def profile(name, **fields):
    """A profile of the AWS configuration file."""
    return "\n".join([f"[profile {name}]", *(f"{key} = {value}" for key, value in fields.items())]) + "\n\n"
