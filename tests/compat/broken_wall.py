"""Broken environments next to healthy ones: each says what is wrong with it, and the healthy ones do not notice."""

import hashlib
import json
import sys
from contextlib import ExitStack
from dataclasses import dataclass

from broken_endpoints import endpoint as broken
from broken_endpoints import silent_socket
from moto_estate import PLACES, ROLE
from moto_wall import aws_profiles, clean_report, complete, places_toml
from processes import free_port
from watchfloor import Home, environment_toml, environments, profile, signals

KEYS = {"aws_access_key_id": "AKIABROKEN", "aws_secret_access_key": "broken"}
SSO_SESSION = """[sso-session corp]
sso_start_url = https://example.com/start
sso_region = us-east-1
sso_registration_scopes = sso:account:access

"""
# An operation may take 15 s with its attempts; a chain of three of them ends well before this.
PATIENCE_S = 60


@dataclass
class Broken:
    """An environment that cannot be read: its settings, and what it must say."""

    name: str
    aws_profile: dict
    kind: str
    says: tuple
    toml: dict
    # True where the identity is known and only the rest fails.
    known: bool = False


def cases(stack, moto):
    """All kinds of trouble. The servers that make it live as long as the stack."""

    def server(code, identity=False):
        return KEYS | {"endpoint_url": stack.enter_context(broken(code, identity)).url}

    silent = stack.enter_context(silent_socket())
    nobody = f"http://127.0.0.1:{free_port()}"
    role = {"role_arn": f"arn:aws:iam::{PLACES[0].account}:role/{ROLE}", "source_profile": "base", "endpoint_url": moto}
    fails = f"{sys.executable} -c \"import sys; sys.exit('no smart card')\""
    sso = {
        "sso_session": "corp",
        "sso_account_id": "123456789012",
        "sso_role_name": "ReadOnly",
        "endpoint_url": moto,
    }
    login = "aws sso login --profile"
    return [
        Broken("expired-token", server("ExpiredToken"), "expired", (f"{login} expired-token",), {}),
        Broken("expired-sso", sso, "expired", (f"{login} expired-sso",), {}),
        Broken("expired-later", server("ExpiredTokenException", True), "expired", (f"{login} expired-later",), {}),
        Broken("denied-later", server("AccessDeniedException", True), "denied", ("permission",), {}, known=True),
        Broken("throttled", server("ThrottlingException", True), "throttled", (), {}, known=True),
        Broken("silent", KEYS | {"endpoint_url": silent}, "timeout", (), {}),
        Broken("silent-later", server(None, True), "timeout", (), {}, known=True),
        Broken("unreachable", KEYS | {"endpoint_url": nobody}, "unreachable", ("network",), {}),
        Broken("hotel", server("html"), "service", ("unreadable",), {}),
        Broken("no-smart-card", {"credential_process": fails, "endpoint_url": moto}, "no-credentials", (), {}),
        Broken(
            "wrong-account",
            role,
            "wrong-account",
            (PLACES[0].account, "000000000000", "profile wrong-account"),
            {"account": "000000000000", "region": PLACES[0].region},
        ),
        Broken("no-profile", {}, "no-credentials", ("no-profile",), {}),
        Broken("no-region", KEYS | {"endpoint_url": moto}, "invalid", ("region",), {"region": None}),
    ]


def check(checks, binary, folder, endpoint, truths):
    """One wall of all of them."""
    with ExitStack() as stack:
        trouble = cases(stack, endpoint)
        config = aws_profiles(endpoint) + SSO_SESSION
        toml = places_toml()
        for case in trouble:
            config += profile(case.name, **case.aws_profile) if case.aws_profile else ""
            fields = {"profile": case.name, "region": "eu-west-1"} | case.toml
            toml += environment_toml(case.name, **{key: value for key, value in fields.items() if value is not None})
        home = Home(folder, config, configuration=toml)
        expired_sso_token(folder)
        with checks.part("broken: a wall of healthy and broken environments"):
            finished, report = home.status(binary, timeout=PATIENCE_S + 40)
            checks.true(
                "broken: the slowest does not hold up the wall",
                finished.seconds < PATIENCE_S,
                f"{finished.seconds:.0f} s",
            )
            checks.equal("broken: the exit code is the worst of the healthy ones", finished.code, 2)
            clean_report(checks, "broken", finished)
            found = environments(report)
            for place in PLACES:
                complete(checks, f"broken · {place.name} is healthy", found[place.name], place, truths[place.name])
            for case in trouble:
                with checks.part(f"broken · {case.name}"):
                    says_what_is_wrong(checks, case, found[case.name])
        with checks.part("broken: only broken environments"):
            names = ("unreachable", "wrong-account", "expired-sso")
            flags = [flag for name in names for flag in ("--env", name)]
            finished, report = home.status(binary, *flags)
            checks.equal("broken: nothing known is exit code 3", (report["worst"], finished.code), ("unknown", 3))
            text = home.run(binary, "status", "--config", str(home.configuration), *flags)
            checks.contains("broken: text says what is wrong", text.out, "WRONG ACCOUNT", "expired", "unreachable")
            clean_report(checks, "broken, as text", text)


def says_what_is_wrong(checks, case, environment):
    """The fault of one environment, and that none of its figures look good."""
    name = f"broken · {case.name}"
    cells = signals(environment)
    # Nobody asked for metrics of one's own: once connected, that is known without asking.
    if cells["custom"]["severity"] == "absent":
        del cells["custom"]
    severities = {cell["severity"] for cell in cells.values()}
    checks.equal(f"{name}: nothing looks good", severities, {"unknown"})
    faults = [cell["fault"] for cell in cells.values()] if case.known else [environment["fault"]]
    kinds = {(fault or {}).get("kind") for fault in faults}
    checks.equal(f"{name}: says why", kinds, {case.kind})
    checks.equal(f"{name}: could not be read", environment["state"], "failed")
    said = json.dumps([environment["fault"], [cell["fault"] for cell in cells.values()]])
    checks.contains(f"{name}: says what to do", said, *case.says)
    checks.equal(f"{name}: shows no data", [r["name"] for cell in cells.values() for r in cell["resources"]], [])


def expired_sso_token(folder):
    """What `aws sso login` left behind yesterday."""
    cache = folder / ".aws" / "sso" / "cache"
    cache.mkdir(parents=True)
    token = {
        "startUrl": "https://example.com/start",
        "region": "us-east-1",
        "accessToken": "yesterday's",
        "expiresAt": "2024-01-01T00:00:00Z",
    }
    (cache / f"{hashlib.sha1(b'corp').hexdigest()}.json").write_text(json.dumps(token))
