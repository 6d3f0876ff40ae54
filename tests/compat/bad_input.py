"""Bad input: one clear message and the right exit code; no crash, nothing that hangs."""

import os
import subprocess

from processes import free_port
from watchfloor import USAGE, Home, crash_words, environment_toml, profile

GOOD = environment_toml("dev", profile="base", region="eu-west-1")


def check(checks, binary, folder):
    """All kinds of bad input."""
    port = free_port()
    base = profile(
        "base", aws_access_key_id="AKIABASE", aws_secret_access_key="base", endpoint_url=f"http://127.0.0.1:{port}"
    )
    empty = Home(folder / "empty")
    home = Home(folder / "home", base, configuration=GOOD)
    config = ["--config", str(home.configuration)]

    def refused(name, finished, *says, code=USAGE, lines=8):
        """One message on standard error that says what is wrong; nothing else."""
        with checks.part(name):
            checks.equal(f"{name}: exit code", finished.code, code)
            checks.contains(f"{name}: says what is wrong", finished.err, *says)
            said = [line for line in finished.err.splitlines() if line.strip()]
            checks.true(f"{name}: in a few lines", 0 < len(said) <= lines, finished.err)
            checks.equal(f"{name}: no words of a crash", crash_words(finished), [])
            checks.equal(f"{name}: nothing on standard output", finished.out, "")

    for command in ([], ["status"], ["status", "--json"]):
        title = " ".join(["watchfloor", *command])
        refused(f"{title} without a configuration", empty.run(binary, *command), "watchfloor init", "watchfloor drill")
    missing = str(folder / "missing.toml")
    refused(
        "configuration that is not there", empty.run(binary, "status", "--config", missing), missing, "no such file"
    )
    for name, text, says in BROKEN:
        home.configuration.write_text(text)
        refused(name, home.run(binary, "status", *config), "watchfloor.toml", *says, lines=10)
    home.configuration.write_text(GOOD)
    refused(
        "unknown environment", home.run(binary, "status", *config, "--env", "porduction"), "porduction", "payments/dev"
    )
    refused("unknown estate", home.run(binary, "status", "--drill", "paymnts"), "paymnts", "`payments`", "uex-payments")
    scenario = ["--drill", "payments", "--scenario", "bad-deplyo"]
    refused("unknown scenario", home.run(binary, "status", *scenario), "bad-deplyo", "bad-deploy", "calm")
    refused("unknown estate for the console", home.run(binary, "drill", "nowhere"), "nowhere", "payments")
    refused("bad duration", home.run(binary, "status", "--drill", "payments", "--elapsed", "soon"), "soon", "12m")
    refused("unknown command", home.run(binary, "statsu"), "statsu", "status")
    both = home.run(binary, "status", "--drill", "payments", *config)
    refused("drill and configuration together", both, "--drill", "--config")
    refused("console without a terminal", home.run(binary, *config), "terminal", "watchfloor status")
    refused("drill console without a terminal", home.run(binary, "drill", "payments"), "terminal", "watchfloor status")
    for address in ("0.0.0.0:0", "192.168.1.1:4566", "[::]:0"):
        served = home.run(binary, "drill", "payments", "--serve", address)
        refused(f"drill served on {address}", served, "loopback", lines=2)
    refused("drill served nowhere", home.run(binary, "drill", "payments", "--serve", "localhost"), "--serve")
    one_of_two(checks, binary, home, config)
    unreadable(checks, binary, home, config)
    closed_output(checks, binary, home)


BROKEN = [
    ("TOML that ends early", '[[environment]]\nsystem = "payments\n', (":2",)),
    ("configuration that is not text", "\0\1\2", ()),
    ("unknown field", GOOD.replace("region", "regoin"), ("regoin", "region", ":6")),
    ("region typo", GOOD.replace("eu-west-1", "eu-wset1"), ("eu-wset1", "not a region", ":6")),
    ("account that is none", GOOD.strip() + '\naccount = "12345"\n', ("account", "12345")),
    ("tier that is none", GOOD.replace('"development"', '"prodction"'), ("prodction", "production")),
    ("environment without a name", GOOD.replace('name = "dev"\n', ""), ("name",)),
    ("configuration without environments", "[display]\nbell = true\n", ("no usable environment",)),
    ("empty configuration", "", ("no usable environment",)),
]


def one_of_two(checks, binary, home, config):
    """A broken environment is left out and named; the valid one is read."""
    home.configuration.write_text(GOOD + environment_toml("prod", profile="base", region="us-esat-one"))
    finished = home.run(binary, "status", *config)
    checks.equal("one of two environments is wrong: the other is read", finished.code, 3)
    checks.contains("one of two environments is wrong: it is named", finished.err, "us-esat-one")
    checks.contains("one of two environments is wrong: the other is shown", finished.out, "dev", "unreachable")
    checks.equal("one of two environments is wrong: no words of a crash", crash_words(finished), [])


def unreadable(checks, binary, home, config):
    """A correct configuration of an environment that cannot be read is exit code 3, not a mistake of the caller."""
    cases = {
        "unknown profile": (environment_toml("dev", profile="bsae", region="eu-west-1"), ["bsae", "base"]),
        "missing region": (environment_toml("dev", profile="base"), ["no region"]),
        "unknown region": (environment_toml("dev", profile="base", region="eu-west-9"), ["eu-west-9"]),
    }
    for name, (text, says) in cases.items():
        with checks.part(name):
            home.configuration.write_text(text)
            finished = home.run(binary, "status", *config)
            checks.equal(f"{name}: exit code", finished.code, 3)
            checks.contains(f"{name}: says what is wrong", finished.out + finished.err, *says)
            checks.equal(f"{name}: no words of a crash", crash_words(finished), [])


def closed_output(checks, binary, home):
    """A reader that has gone, and a disk that is full."""
    for arguments in (["status"], ["status", "--json"], ["status", "--schema"]):
        name = f"watchfloor {' '.join(arguments)} | head -1"
        read, write = os.pipe()
        os.close(read)
        drill = [] if "--schema" in arguments else ["--drill", "payments", "--speed", "0"]
        command = [str(binary), *arguments, *drill]
        finished = subprocess.run(
            command, env=home.environment, stdout=write, stderr=subprocess.PIPE, timeout=60, check=False
        )
        os.close(write)
        seen = (finished.returncode in (0, 1, 2, 141), finished.stderr.decode())
        checks.equal(f"{name}: ends quietly", seen, (True, ""))
    with open("/dev/full", "wb") as full:
        command = [str(binary), "status", "--schema"]
        finished = subprocess.run(
            command, env=home.environment, stdout=full, stderr=subprocess.PIPE, timeout=60, check=False
        )
    said = finished.stderr.decode()
    checks.true("full disk: says so", finished.returncode == 70 and "space" in said, (finished.returncode, said))
    checks.true("full disk: no words of a crash", "panicked" not in said, said)
