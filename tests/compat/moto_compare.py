"""watchfloor compares three environments of a moto server that boto3 made different."""

import json
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import compare_estate
import compare_expected
from compare_estate import HIDDEN, PLACES, UNICODE_API, UNICODE_GROUP
from compare_expected import ORDER, UNAPPROVED, UNREAD, UNREAD_SETTINGS, Table
from compare_truth import truth
from moto_estate import ROLE
from processes import Server, clean_environment, free_port, python_module
from watchfloor import USAGE, Home, crash_words, environment_toml, profile

DRIFT, UNKNOWN = 1, 3


def check(checks, binary, folder):
    """Starts the server, fills it, compares."""
    port = free_port()
    with Server(python_module("moto.server", "-H", "127.0.0.1", "-p", str(port)), clean_environment(folder)) as server:
        server.wait_for_port(port, 60)
        endpoint = f"http://127.0.0.1:{port}"
        with ThreadPoolExecutor(len(PLACES)) as pool:
            list(pool.map(lambda place: compare_estate.fill(endpoint, place), PLACES))
        home = Home(folder / "home", aws_profiles(endpoint), configuration=places_toml(PLACES))
        manifest = folder / "m.toml"
        manifest.write_text(compare_expected.manifest())
        truths = {place.name: truth(endpoint, place) for place in PLACES}
        runner = Runner(checks, binary, home)
        with checks.part("compare"):
            matrix(runner, truths, manifest)
        with checks.part("compare: two environments"):
            two(runner, truths)
        with checks.part("compare: names that are told apart"):
            told_apart(runner, folder, truths)
        with checks.part("compare: a manifest that was drafted"):
            drafted(runner, folder)
        with checks.part("compare: as text and Markdown"):
            other_forms(runner, manifest)
        with checks.part("compare: an environment that does not answer"):
            out_of_reach(checks, binary, folder, endpoint, truths, manifest)
        with checks.part("compare: bad input"):
            bad_input(runner, folder)
        # Changes the server: the last.
        with checks.part("compare: baseline"):
            baseline(runner, endpoint)


def aws_profiles(endpoint):
    """A principal that may assume a role in each account."""
    base = profile("base", aws_access_key_id="AKIABASE", aws_secret_access_key="base", endpoint_url=endpoint)
    return base + "".join(
        profile(
            place.name,
            role_arn=f"arn:aws:iam::{place.account}:role/{ROLE}",
            source_profile="base",
            endpoint_url=endpoint,
        )
        for place in PLACES
    )


def places_toml(places):
    """The places as environments."""
    return "".join(
        environment_toml(place.name, place.tier, profile=place.name, region=place.region, account=place.account)
        for place in places
    )


class Runner:
    """Runs `compare` on the configuration."""

    def __init__(self, checks, binary, home):
        self.checks = checks
        self._binary = binary
        self.home = home

    def run(self, *arguments):
        """One command; whatever it prints, no secret is in it and nothing broke."""
        command = ["compare", "--config", str(self.home.configuration), *map(str, arguments)]
        finished = self.home.run(self._binary, *command, timeout=120)
        said = " ".join(map(str, arguments))
        self.checks.equal(f"compare {said}: no words of a crash", crash_words(finished), [])
        shown = HIDDEN in finished.out + finished.err
        self.checks.true(f"compare {said}: no value of a variable", not shown, finished.out[:200])
        return finished

    def json(self, *arguments):
        """The report."""
        finished = self.run("--json", *arguments)
        try:
            return finished, json.loads(finished.out)
        except ValueError:
            message = f"no report; exit code {finished.code}, standard error: {finished.err[-800:]}"
            raise AssertionError(message) from None


def cells_of(comparison):
    """Cells of a report by (kind, name, setting, environment)."""
    return {
        (resource["kind"], resource["name"], setting["key"], cell["environment"]): (cell["value"], cell["verdict"])
        for resource in comparison["resources"]
        for setting in resource["settings"]
        for cell in setting["cells"]
    }


def same_cells(checks, name, got, want):
    """Cell by cell; says which differ."""
    wrong = [cell for cell in got | want if got.get(cell) != want.get(cell)]
    detail = [f"{cell}: got {got.get(cell)}, expected {want.get(cell)}" for cell in wrong]
    checks.true(f"{name} ({len(want)} cells)", not wrong and want, "\n".join(detail))


def matrix(runner, truths, manifest):
    """Three environments against the table, with a manifest."""
    checks, table = runner.checks, Table(PLACES, truths)
    finished, report = runner.json("--all", "--manifest", manifest)
    checks.equal("compare: nothing to complain of", finished.err, "")
    checks.equal("compare: drift matters more than what could not be read", finished.code, DRIFT)
    [comparison] = report["comparisons"]
    columns = [(e["name"], e["region"], e["account"], e["fault"]) for e in comparison["environments"]]
    checks.equal("compare: columns", columns, [(p.name, p.region, p.account, None) for p in PLACES])
    cells = cells_of(comparison)
    known = {cell: cells.get(cell) for cell in table.cells}
    same_cells(checks, "compare: the matrix agrees with the table", known, table.cells)
    beyond = {cell: what for cell, what in cells.items() if cell not in table.cells and what[1] != "same"}
    checks.equal("compare: nothing else is reported", beyond, {})
    rows = {(r["kind"], r["name"]) for r in comparison["resources"]}
    checks.same_members("compare: rows", rows, {cell[:2] for cell in table.cells})
    names = {(r["kind"], r["name"], env): n for r in comparison["resources"] for env, n in r["names"].items()}
    checks.equal("compare: AWS's names of all resources", names, table.names)
    for name in (UNICODE_API, UNICODE_GROUP):
        checks.true(f"compare: {name} is one row", any(row[1] == name for row in rows), sorted(rows))
    unread(checks, comparison)
    whole(checks, "compare --all", report, table)
    worst_first(checks, comparison)
    few_calls(checks, report["api"], truths)
    finished, short = runner.json("--manifest", manifest)
    checks.equal("compare: exit code without --all", finished.code, DRIFT)
    cells = cells_of(short["comparisons"][0])
    same_cells(checks, "compare: without --all only what is not the same", cells, table.differing())
    beside = runner.home.folder / "payments.manifest.toml"
    beside.write_text(compare_expected.manifest())
    _, report_beside = runner.json()
    beside.unlink()
    checks.equal("compare: a manifest beside the configuration", report_beside["summary"], report["summary"])
    numbers = (short["summary"], short["findings"])
    checks.equal("compare: without --all the numbers are of all", numbers, (report["summary"], report["findings"]))


def unread(checks, comparison):
    """What the server does not answer is unknown with a reason."""
    rows = {r["kind"]: r for r in comparison["resources"] if r["name"] == "*"}
    checks.same_members("compare: kinds that could not be listed", rows, UNREAD)
    for kind, row in rows.items():
        [exists] = row["settings"]
        seen = [(cell["verdict"], bool(cell["note"])) for cell in exists["cells"]]
        wanted = [("unknown", True)] * len(PLACES)
        checks.equal(f"compare: {kind} is unknown with a reason, never the same", seen, wanted)


def whole(checks, name, report, table):
    """Numbers that follow from the cells."""
    listed = Counter(verdict for c in report["comparisons"] for _, verdict in cells_of(c).values())
    wanted = {verdict: listed.get(verdict, 0) for verdict in ORDER}
    checks.equal(f"{name}: the summary counts the cells", report["summary"], wanted)
    counted = {verdict: table.summary()[verdict] for verdict in ORDER if verdict != "same"}
    seen = {verdict: report["summary"][verdict] for verdict in counted}
    checks.equal(f"{name}: the summary agrees with the table", seen, counted)
    checks.true(f"{name}: the table has every verdict", all(table.summary()[v] for v in ORDER), table.summary())
    checks.equal(f"{name}: findings", report["findings"], len(table.findings()))
    api = report["api"]
    checks.equal(f"{name}: calls are counted by operation", api["calls"], sum(api["by_operation"].values()))


def worst_first(checks, comparison):
    """A row is as bad as its worst setting, a setting as its worst cell; the worst come first."""
    rank = ORDER.index
    wrong = []
    for resource in comparison["resources"]:
        settings = resource["settings"]
        if resource["verdict"] != max((s["verdict"] for s in settings), key=rank):
            wrong.append(resource["name"])
        for setting in settings:
            worst = max((cell["verdict"] for cell in setting["cells"]), key=rank, default="same")
            if setting["verdict"] != worst:
                wrong.append((resource["name"], setting["key"]))
    checks.equal("compare: verdicts of rows and settings are the worst of their cells", wrong, [])
    ranks = [rank(resource["verdict"]) for resource in comparison["resources"]]
    checks.equal("compare: the worst come first", ranks, sorted(ranks, reverse=True))


def few_calls(checks, api, truths):
    """No more calls than there are pages, batches and single resources to ask for."""

    def count(kind):
        return sum(len(found) for rows in truths.values() for row, found in rows.items() if row[0] == kind)

    functions, tables, buckets = count("lambda function"), count("dynamodb table"), count("s3 bucket")
    expected = {
        "STS:GetCallerIdentity": 3,
        "Lambda:ListFunctions": 3,
        "Lambda:GetFunctionConcurrency": functions,
        "Lambda:ListAliases": functions,
        "Lambda:GetFunctionConfiguration": count("lambda alias"),
        "DynamoDB:ListTables": 3,
        "DynamoDB:DescribeTable": tables,
        "DynamoDB:DescribeContinuousBackups": tables,
        "DynamoDB:DescribeTimeToLive": tables,
        "S3:ListBuckets": 3,
        "S3:GetBucketVersioning": buckets,
        "S3:GetBucketEncryption": buckets,
        "S3:GetBucketLifecycleConfiguration": buckets,
        "S3:GetPublicAccessBlock": buckets,
        "API Gateway:GetRestApis": 3,
        "API Gateway:GetStages": count("rest api"),
        "API Gateway:GetResources": count("rest api"),
        "KMS:ListAliases": 3,
        "KMS:ListKeys": 3,
        "KMS:DescribeKey": count("kms key"),
        "KMS:GetKeyRotationStatus": count("kms key"),
        "ECS:ListServices": count("ecs cluster"),
        "ECS:DescribeServices": count("ecs cluster"),
        "ECS:DescribeTaskDefinition": count("ecs service"),
        "RDS:DescribeDBInstances": 3,
        "RDS:DescribeDBClusters": 3,
        "ElastiCache:DescribeCacheClusters": 3,
        "ElastiCache:DescribeReplicationGroups": 3,
        "Elastic Load Balancing v2:DescribeLoadBalancers": 3,
        "Elastic Load Balancing v2:DescribeTargetGroups": 3,
        "Elastic Load Balancing v2:DescribeListeners": count("load balancer"),
        "Elastic Load Balancing v2:DescribeRules": count("listener"),
        # 113 groups, 50 a page.
        "CloudWatch Logs:DescribeLogGroups": 3 * 3,
        "EKS:DescribeCluster": count("eks cluster"),
        "EKS:DescribeNodegroup": count("eks node group"),
        "Kafka:ListClustersV2": 3,
    }
    got = {operation: api["by_operation"].get(operation) for operation in expected}
    wrong = {operation: (got[operation], want) for operation, want in expected.items() if got[operation] != want}
    checks.equal("compare: no call twice, got and expected", wrong, {})


def two(runner, truths):
    """Two of the three without a manifest: what differs differs in both."""
    pair = [PLACES[0], PLACES[2]]
    table = Table(pair, {place.name: truths[place.name] for place in pair}, approved=False)
    finished, report = runner.json("--all", "dev", "prod")
    runner.checks.equal("compare dev prod: exit code", finished.code, DRIFT)
    [comparison] = report["comparisons"]
    runner.checks.equal("compare dev prod: columns", [e["name"] for e in comparison["environments"]], ["dev", "prod"])
    cells = cells_of(comparison)
    known = {cell: cells.get(cell) for cell in table.cells}
    same_cells(runner.checks, "compare dev prod: the matrix agrees with the table", known, table.cells)
    beyond = {cell: what for cell, what in cells.items() if cell not in table.cells and what[1] != "same"}
    runner.checks.equal("compare dev prod: nothing else is reported", beyond, {})


def told_apart(runner, folder, truths):
    """Two of prod have one logical name until the manifest says which is which."""
    manifest = folder / "apart.toml"
    rule = '\n[[match]]\nkind = "lambda function"\npattern = "payments-twin-*"\nname = "second twin"\n'
    manifest.write_text(compare_expected.manifest() + rule)
    prod = dict(truths["prod"])
    twins = {one.name: one for one in prod[("lambda function", "twin")]}
    prod[("lambda function", "twin")] = [twins["payments-prod-twin"]]
    prod[("lambda function", "second twin")] = [twins["payments-twin-prod"]]
    table = Table(PLACES, truths | {"prod": prod})
    finished, report = runner.json("--manifest", manifest)
    cells = cells_of(report["comparisons"][0])
    same_cells(runner.checks, "compare: with a rule for names the table agrees", cells, table.differing())


def drafted(runner, folder):
    """The drafted manifest approves all differences but missing tags; then what is left is what could not be read."""
    draft = runner.run("--write-manifest")
    runner.checks.equal("compare --write-manifest: exit code says that not all was read", draft.code, UNKNOWN)
    manifest = folder / "drafted.toml"
    manifest.write_text(draft.out)
    finished, report = runner.json("--manifest", manifest)
    worst = {cell: what for cell, what in cells_of(report["comparisons"][0]).items() if what[1] in UNAPPROVED}
    untagged = {("lambda function", "processing", "tag:Team", "staging"): (None, "untagged")}
    runner.checks.equal("compare: a missing tag is not drafted away, all else is", worst, untagged)
    runner.checks.equal("compare: exit code of a missing tag", (report["findings"], finished.code), (1, DRIFT))
    tag = '\n[[vary]]\nkind = "lambda function"\nname = "processing"\nsetting = "tag:Team"\nany = true\n'
    manifest.write_text(draft.out + tag)
    finished, report = runner.json("--manifest", manifest)
    bad = sum(report["summary"][verdict] for verdict in UNAPPROVED)
    runner.checks.equal(
        "compare: exit code says that not all was read", (bad, report["findings"], finished.code), (0, 0, UNKNOWN)
    )
    cells = cells_of(report["comparisons"][0])
    unknown = {(cell[0], cell[2]) for cell, (_, verdict) in cells.items() if verdict == "unknown"}
    ambiguous = ("lambda function", "exists")
    wanted = [ambiguous, *((kind, "exists") for kind in UNREAD), *UNREAD_SETTINGS]
    runner.checks.same_members("compare: what is left is what could not be read", unknown, wanted)


def other_forms(runner, manifest):
    """Text for a terminal, Markdown for people."""
    text = runner.run("--manifest", manifest)
    runner.checks.equal("compare as text: exit code", text.code, DRIFT)
    parts = ("lambda function processing", "memory_mb", "1536", UNICODE_API, "? unsupported")
    runner.checks.contains("compare as text", text.out, *parts)
    document = runner.run("--markdown", "--manifest", manifest)
    runner.checks.equal("compare --markdown: exit code", document.code, DRIFT)
    parts = ("| lambda function processing |", "**1536**", "## Not known")
    runner.checks.contains("compare --markdown", document.out, *parts)


def out_of_reach(checks, binary, folder, endpoint, truths, manifest):
    """One environment that nobody can read: unknown in every row, the others are judged all the same."""
    nobody = profile(
        "nobody",
        aws_access_key_id="AKIABASE",
        aws_secret_access_key="base",
        endpoint_url=f"http://127.0.0.1:{free_port()}",
    )
    toml = places_toml(PLACES) + environment_toml("dr", "production", profile="nobody", region="eu-west-3")
    runner = Runner(checks, binary, Home(folder / "dr", aws_profiles(endpoint) + nobody, configuration=toml))
    finished, report = runner.json("--all")
    checks.equal("compare with dr: exit code", finished.code, DRIFT)
    [comparison] = report["comparisons"]
    faults = [(e["name"], bool(e["fault"])) for e in comparison["environments"]]
    checks.equal("compare with dr: the column says so", faults, [(p.name, False) for p in PLACES] + [("dr", True)])
    cells = cells_of(comparison)
    of_dr = [(value, verdict) for cell, (value, verdict) in cells.items() if cell[3] == "dr"]
    checks.equal("compare with dr: all of it is unknown", Counter(of_dr), Counter({(None, "unknown"): len(of_dr)}))
    rows = {cell[:2] for cell in cells}
    told = {cell[:2] for cell in cells if cell[3] == "dr"}
    checks.same_members("compare with dr: in every row", told, rows)
    table = Table(PLACES, truths, approved=False)
    known = {cell: cells.get(cell) for cell in table.cells}
    same_cells(checks, "compare with dr: the others are judged all the same", known, table.cells)


def baseline(runner, endpoint):
    """The same environment before and after somebody changed it."""
    checks = runner.checks
    saved = runner.run("--save", "before")
    checks.equal("compare --save: exit code says that not all was read", saved.code, UNKNOWN)
    checks.contains("compare --save: says where", saved.out, "before.json", "3 environments")
    file = Path(saved.out.strip().rsplit(": ", 1)[-1])
    checks.true("compare --save: the file has no value of a variable", HIDDEN not in file.read_text(), file)
    checks.equal("compare --save: the file is its owner's alone", oct(file.stat().st_mode & 0o777), "0o600")
    finished, report = runner.json("--against", "before")
    seen = (report["findings"], finished.code)
    checks.equal("compare --against: nothing has changed, not all was read", seen, (0, UNKNOWN))
    compare_estate.change(endpoint)
    finished, report = runner.json("--against", "before")
    checks.equal("compare --against: exit code", finished.code, DRIFT)
    checks.equal("compare --against: names the baseline", report["against"], "before")
    titles = [comparison["name"] for comparison in report["comparisons"]]
    checks.equal("compare --against: each with itself", titles, [f"payments/{place.name}" for place in PLACES])
    for comparison, place in zip(report["comparisons"], PLACES, strict=True):
        then, now = f"{place.name} @ before", place.name
        columns = [environment["name"] for environment in comparison["environments"]]
        checks.equal(f"compare --against · {now}: columns", columns, [then, now])
        cells = cells_of(comparison)
        settings = {cell[:3] for cell, (_, verdict) in cells.items() if verdict in UNAPPROVED}
        found = {key: (cells.get((*key, then)), cells.get((*key, now))) for key in settings}
        checks.equal(f"compare --against · {now}: exactly what was changed", found, CHANGED.get(now, {}))
    checks.equal("compare --against: findings", report["findings"], len(CHANGED["staging"]))
    finished, report = runner.json("--against", "before", "staging")
    checks.equal("compare --against, one environment", (len(report["comparisons"]), finished.code), (1, DRIFT))
    finished = runner.run("--against", "befor")
    checks.equal("compare --against what was never saved: exit code", finished.code, USAGE)
    checks.contains("compare --against what was never saved: names what there is", finished.err, "befor", "before")


# What `compare_estate.change` does, as (before, after).
CHANGED = {
    "staging": {
        ("lambda function", "processing", "memory_mb"): ((1024, "same"), (2048, "drift")),
        ("lambda function", "twin", "exists"): ((True, "same"), (False, "missing")),
        ("log group", "aws/lambda/new", "exists"): (None, (True, "extra")),
        ("s3 bucket", "receipts", "tag:Team"): (("payments", "same"), (None, "untagged")),
        ("s3 bucket", "receipts", "tag:CostCenter"): (("CC-1", "same"), ("CC-2", "drift")),
        ("dynamodb table", "transactions", "point_in_time_recovery"): ((True, "same"), (False, "drift")),
    }
}


def bad_input(runner, folder):
    """One message that says what is wrong, where, and what was meant."""
    begin = 'system = "payments"\nenvironments = ["dev", "prod"]\n\n[[vary]]\n'
    cases = {
        "unknown field": (
            begin + 'kind = "lambda function"\nseting = "memory_mb"\nany = true\n',
            [":6", "seting", "`setting`"],
        ),
        "unknown kind": (
            begin + 'kind = "lamda function"\nsetting = "memory_mb"\nany = true\n',
            [":5", "`lambda function`"],
        ),
        "unknown environment": (
            begin + 'kind = "lambda function"\nsetting = "memory_mb"\nvalues = { prdo = 1 }\n',
            [":7", "prdo", "`prod`"],
        ),
        "no rule": (begin + 'kind = "lambda function"\nsetting = "memory_mb"\n', [":6", "values"]),
        "not TOML": ("system = \n", [":1"]),
    }
    for name, (text, says) in cases.items():
        manifest = folder / "bad.toml"
        manifest.write_text(text)
        refused(runner, f"manifest with {name}", ["--json", "--manifest", manifest], "bad.toml", *says)
    refused(runner, "manifest that is not there", ["--manifest", folder / "none.toml"], "none.toml", "no such file")
    refused(runner, "compare of one environment", ["dev"], "two")
    refused(runner, "compare of an unknown environment", ["dev", "prdo"], "prdo")
    refused(runner, "baseline with a name that is none", ["--save", "../x"], "../x")


def refused(runner, name, arguments, *says):
    """Exit code 64, nothing on standard output."""
    finished = runner.run(*arguments)
    runner.checks.equal(f"{name}: exit code and output", (finished.code, finished.out), (USAGE, ""))
    runner.checks.contains(f"{name}: says what is wrong", finished.err, *says)
