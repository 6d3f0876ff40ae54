"""The wall of three accounts in a moto server: every list complete, every figure that moto knows right."""

import re

from moto_estate import PLACES, ROLE
from watchfloor import (
    EXIT_OF_WORST,
    SIGNALS,
    Home,
    crash_words,
    environment_toml,
    environments,
    profile,
    resources,
    signals,
)

# What watchfloor takes out of text from outside: controls, bidirectional controls, zero-width characters.
UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]")

# moto answers neither DescribeAlarms nor GetMetricData for SDKs that speak CBOR.
WITHOUT_METRICS = [
    "alarms",
    "lambda-errors",
    "dynamodb-throttles",
    "api-gateway",
    "load-balancers",
    "rds",
    "sqs",
]
ABSENT = ["msk", "custom"]


def clean(text):
    """A name as watchfloor shows it."""
    return UNSAFE.sub("", text)


def aws_profiles(endpoint):
    """A principal that may assume a role in each account."""
    base = profile("base", aws_access_key_id="AKIABASE", aws_secret_access_key="base", endpoint_url=endpoint)
    return base + "".join(
        profile(
            f"payments-{place.name}",
            role_arn=f"arn:aws:iam::{place.account}:role/{ROLE}",
            source_profile="base",
            endpoint_url=endpoint,
        )
        for place in PLACES
    )


def places_toml():
    """The three places as environments."""
    return "".join(
        environment_toml(
            place.name,
            place.tier,
            profile=f"payments-{place.name}",
            region=place.region,
            account=place.account,
        )
        for place in PLACES
    )


def check(checks, binary, folder, endpoint, truths):
    """The whole wall, one environment, and the text form."""
    home = Home(folder, aws_profiles(endpoint), configuration=places_toml())
    with checks.part("moto: three accounts"):
        finished, report = home.status(binary)
        checks.equal("moto: worst is critical, because a service of prod lacks tasks", report["worst"], "critical")
        checks.equal("moto: exit code says critical", finished.code, 2)
        checks.equal("moto: nothing to complain of in the configuration", finished.err, "")
        found = environments(report)
        checks.equal("moto: three environments", list(found), [place.name for place in PLACES])
        for place in PLACES:
            complete(checks, f"moto · {place.name}", found[place.name], place, truths[place.name])
        clean_report(checks, "moto", finished)
        few_calls(checks, report["api"], truths)
    with checks.part("moto: exit codes of single environments"):
        for place, worst in zip(PLACES, ["unknown", "warning", "critical"], strict=True):
            finished, report = home.status(binary, "--env", f"payments/{place.name}")
            seen = (list(environments(report)), report["worst"], finished.code)
            checks.equal(f"moto · {place.name} alone", seen, ([place.name], worst, EXIT_OF_WORST[worst]))
    with checks.part("moto: keys in environment variables"):
        keys = {"AWS_ACCESS_KEY_ID": "AKIAOTHER", "AWS_SECRET_ACCESS_KEY": "other", "AWS_PROFILE": "base"}
        finished, report = home.status(binary, "--env", "dev", variables=keys)
        dev = environments(report)["dev"]
        seen = (dev["account"], dev["fault"], finished.code)
        checks.equal(
            "moto: a profile counts more than keys in environment variables", seen, (PLACES[0].account, None, 3)
        )
    with checks.part("moto: as text"):
        finished = home.run(binary, "status", "--config", str(home.configuration), "--env", "prod", timeout=100)
        checks.contains("moto: text has the environment", finished.out, "prod · us-east-1")
        checks.contains("moto: text says that metrics are unsupported", finished.out, "unsupported")
        clean_report(checks, "moto, as text", finished)


def complete(checks, name, environment, place, truth):
    """One environment against what boto3 says."""
    where = (environment["account"], environment["region"])
    checks.equal(f"{name}: account and region", where, (place.account, place.region))
    whole = (environment["state"], environment["fault"])
    checks.equal(f"{name}: partly read, as a whole without a fault", whole, ("partial", None))
    cells = signals(environment)
    checks.equal(f"{name}: all signals", list(cells), SIGNALS)
    for signal in WITHOUT_METRICS:
        cell = cells[signal]
        seen = (cell["severity"], (cell["fault"] or {}).get("kind"), "unsupported" in cell["headline"])
        checks.equal(f"{name}: {signal} says that moto has no such metrics", seen, ("unknown", "unsupported", True))
    present = [signal for signal in ABSENT if cells[signal]["severity"] != "absent"]
    checks.equal(f"{name}: no rows for what nobody has", present, [])
    checks.equal(f"{name}: no alarms", cells["alarms"]["resources"], [])
    functions = resources(environment, "lambda-errors")
    checks.same_members(f"{name}: functions", names(cells["lambda-errors"]), truth.functions)
    memory = {function: resource["fields"]["memory_mb"] for function, resource in functions.items()}
    checks.equal(f"{name}: memory of every function", memory, truth.functions)
    checks.same_members(f"{name}: tables and indexes", names(cells["dynamodb-throttles"]), truth.tables)
    units = {table: provisioned(r["fields"]) for table, r in resources(environment, "dynamodb-throttles").items()}
    checks.equal(f"{name}: units of every table", units, truth.tables)
    apis = [f"{clean(api)}/{stage}" for api, stage in truth.rest_stages + truth.http_stages]
    checks.same_members(f"{name}: stages of APIs", names(cells["api-gateway"]), apis)
    checks.same_members(f"{name}: services", names(cells["ecs-capacity"]), truth.services)
    tasks = {service: counts(r["fields"]) for service, r in resources(environment, "ecs-capacity").items()}
    checks.equal(f"{name}: tasks of every service", tasks, truth.services)
    running, desired, _ = map(sum, zip(*truth.services.values(), strict=True))
    checks.equal(f"{name}: tasks together", cells["ecs-capacity"]["headline"], f"{running}/{desired}")
    worst = {1: "ok", 2: "warning", 3: "critical"}[len(place.desired_tasks)]
    checks.equal(f"{name}: capacity of ECS is known all the same", cells["ecs-capacity"]["severity"], worst)
    lacking = [service for service, (running, desired, _) in truth.services.items() if running < desired]
    shown = [r["name"] for r in cells["ecs-capacity"]["resources"] if r["severity"] in ("warning", "critical")]
    checks.same_members(f"{name}: services that lack tasks", shown, lacking)
    sizes = {key: node_sizes(r["fields"]) for key, r in node_groups(environment).items()}
    checks.equal(f"{name}: sizes of every node group", sizes, truth.node_groups)


def names(cell):
    """Names of a signal's resources, repetitions included."""
    return [resource["name"] for resource in cell["resources"]]


def provisioned(fields):
    """Units of a table as boto3 gives them."""
    pair = (fields["provisioned_read_per_s"], fields["provisioned_write_per_s"])
    return "on demand" if pair == ("on demand", "on demand") else pair


def counts(fields):
    """Tasks of a service as boto3 gives them."""
    return fields["running"], fields["desired"], fields["pending"]


def node_groups(environment):
    """Node groups by cluster and name."""
    cells = signals(environment)["eks-capacity"]["resources"]
    groups = [r for r in cells if r["fields"].get("desired") is not None]
    return {(r["fields"]["cluster"], r["name"].removeprefix(r["fields"]["cluster"] + "/")): r for r in groups}


def node_sizes(fields):
    """Sizes of a node group as boto3 gives them."""
    return fields["min"], fields["desired"], fields["max"]


def clean_report(checks, name, finished):
    """Nothing of a terminal's control language comes through, and nothing broke."""
    raw = [c for c in (finished.out + finished.err) if UNSAFE.match(c)]
    escaped = re.findall(r"\\u00[01][0-9a-f]|\\u202[a-e]", finished.out)
    checks.equal(f"{name}: no control characters", (raw, escaped), ([], []))
    checks.equal(f"{name}: no words of a crash", crash_words(finished), [])


def few_calls(checks, api, truths):
    """No more calls than there are pages, batches and single resources to ask for; moto answers all but CloudWatch."""
    calls = api["by_operation"]
    tables = sum(1 for truth in truths.values() for name in truth.tables if not name.endswith("/by-id"))
    expected = {
        "STS:GetCallerIdentity": 3,
        "DynamoDB:ListTables": 9,
        "DynamoDB:DescribeTable": tables,
        # Clusters of 101, 140 and 9 services: 11 + 14 + 1 batches of ten.
        "ECS:DescribeServices": 3 * 26,
        # One for each cluster: moto lists all services at once, whatever page is asked for.
        "ECS:ListServices": 3 * 4,
    }
    got = {operation: calls.get(operation) for operation in expected}
    checks.equal("moto: no call twice", got, expected)
    checks.equal("moto: calls are counted by operation", api["calls"], sum(calls.values()))
