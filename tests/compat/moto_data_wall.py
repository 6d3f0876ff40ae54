"""Data stores, load balancers and queues of three accounts in a moto server, as boto3 lists them; log lines by command."""

import json

from moto_data import LOG_GROUP, LOG_LINES
from moto_estate import PLACES
from moto_wall import aws_profiles, clean_report, places_toml
from watchfloor import Home, environments, resources, signals


def check(checks, binary, folder, endpoint, truths):
    """Each environment's rows, then its logs."""
    home = Home(folder, aws_profiles(endpoint), configuration=places_toml())
    with checks.part("moto: data stores of three accounts"):
        finished, report = home.status(binary)
        found = environments(report)
        for place in PLACES:
            environment, truth, name = found[place.name], truths[place.name], f"moto · {place.name}"
            databases(checks, name, environment, truth)
            caches(checks, name, environment, truth)
            balancers(checks, name, environment, truth)
            queues(checks, name, environment, truth)
        clean_report(checks, "moto: data stores", finished)
        few_calls(checks, report["api"]["by_operation"], truths)
    with checks.part("moto: log lines"):
        logs(checks, home, binary)


def fields_of(environment, signal, *keys):
    """The named fields of every resource of a signal."""
    return {name: tuple(r["fields"].get(key) for key in keys) for name, r in resources(environment, signal).items()}


def databases(checks, name, environment, truth):
    """Every instance and cluster, with roles and bounds."""
    every = resources(environment, "rds")
    wanted = list(truth.databases) + list(truth.clusters)
    listed = [r["name"] for r in signals(environment)["rds"]["resources"]]
    checks.same_members(f"{name}: databases", listed, wanted)
    instances = {k: v for k, v in every.items() if v["fields"]["kind"] == "instance"}
    seen = {k: tuple(v["fields"][key] for key in ("instance_class", "engine", "status")) for k, v in instances.items()}
    checks.equal(f"{name}: class, engine and status of every instance", seen, truth.databases)
    clusters = {k: v["fields"] for k, v in every.items() if v["fields"]["kind"] == "cluster"}
    seen = {k: ([v["writer"]], sorted(v["readers"]), bounds(v)) for k, v in clusters.items()}
    checks.equal(f"{name}: writer, readers and bounds of every cluster", seen, truth.clusters)
    roles = {k: v["fields"]["role"] for k, v in instances.items()}
    replica = next(k for k in roles if k.endswith("-replica"))
    checks.equal(f"{name}: the replica says that it is one", roles[replica], "replica")
    writers = sorted(k for k, role in roles.items() if role == "writer")
    checks.equal(f"{name}: writers", writers, sorted(w for cluster in truth.clusters.values() for w in cluster[0]))


def bounds(fields):
    """Smallest and largest capacity of a serverless cluster."""
    return (fields["acu_min"], fields["acu_max"]) if "acu_min" in fields else None


def caches(checks, name, environment, truth):
    """Every cache cluster and replication group. moto does not describe the nodes of a group: they are unknown."""
    seen = fields_of(environment, "elasticache", "kind", "status")
    clusters = {k for k, (kind, status) in seen.items() if kind == "cluster" and status == "available"}
    checks.equal(f"{name}: cache clusters", clusters, truth.caches)
    groups = {k: v for k, v in resources(environment, "elasticache").items() if v["fields"]["kind"] == "replication group"}
    told = {k: (v["fields"]["status"], v["fields"]["automatic_failover"]) for k, v in groups.items()}
    checks.equal(f"{name}: replication groups", told, truth.replication_groups)
    nodes = {v["severity"] for v in resources(environment, "elasticache").values() if v["fields"]["kind"] == "node"}
    checks.equal(f"{name}: nodes that nobody describes are unknown, not lost", nodes, {"unknown"})
    checks.equal(f"{name}: caches as a whole are not known", signals(environment)["elasticache"]["severity"], "unknown")


def balancers(checks, name, environment, truth):
    """Every load balancer, and the healthy targets of every group."""
    seen = fields_of(environment, "load-balancers", "kind", "healthy", "load_balancer")
    checks.equal(f"{name}: load balancers", {k for k, v in seen.items() if v[0] == "load balancer"}, truth.balancers)
    groups = {k: v for k, v in seen.items() if v[0] == "target group"}
    checks.equal(
        f"{name}: healthy targets of every group",
        {k: healthy for k, (_, healthy, _) in groups.items()},
        {k: healthy for k, (healthy, _) in truth.target_groups.items()},
    )
    beside = {k for k, (_, _, balancer) in groups.items() if balancer != k.replace("-tg-", "-alb-").rsplit("-", 1)[0]}
    checks.equal(f"{name}: every group at its load balancer", beside, set())


def queues(checks, name, environment, truth):
    """Every queue, and which take dead letters."""
    seen = fields_of(environment, "sqs", "is_dead_letter_queue")
    checks.same_members(f"{name}: queues", list(seen), list(truth.queues))
    checks.equal(f"{name}: queues of dead letters", {k for k, (dead,) in seen.items() if dead}, truth.dead_letters)
    unknown = {r["severity"] for r in resources(environment, "sqs").values()}
    checks.equal(f"{name}: a backlog without metrics is unknown", unknown, {"unknown"})


def few_calls(checks, calls, truths):
    """One call a page of a hundred, one a queue and one a target group."""
    groups = sum(len(truth.target_groups) for truth in truths.values())
    expected = {
        "RDS:DescribeDBInstances": 3 * 2,
        "RDS:DescribeDBClusters": 3,
        "ElastiCache:DescribeCacheClusters": 3 * 2,
        "Elastic Load Balancing v2:DescribeTargetHealth": groups,
        "SQS:GetQueueAttributes": sum(len(truth.queues) for truth in truths.values()),
    }
    got = {operation: calls.get(operation) for operation in expected}
    checks.equal("moto: no call twice for data stores", got, expected)


def logs(checks, home, binary):
    """Thousands of lines of one group, in order, without control characters."""
    for place in PLACES[:1]:
        group = LOG_GROUP.format(prefix=f"payments-{place.name}-")
        which = ["logs", "--config", str(home.configuration), "--env", f"payments/{place.name}", "--group", group]
        finished = home.run(binary, *which, "--since", "1h", "--limit", "10000", "--json", timeout=60)
        checks.equal(f"moto · {place.name}: logs end well", (finished.code, finished.err), (0, ""))
        lines = [json.loads(line) for line in finished.out.splitlines()]
        numbers = [int(line["message"].split()[1]) for line in lines]
        checks.equal(f"moto · {place.name}: every line once and in order", numbers, list(range(LOG_LINES)))
        clean_report(checks, f"moto · {place.name}: logs", finished)
        absent = home.run(binary, *which[:-1], "/no/such/group", "--since", "1h", timeout=60)
        checks.contains(f"moto · {place.name}: a group that is not there", absent.err, "/no/such/group")
        checks.true(f"moto · {place.name}: fails without the group", absent.code not in (0, 101), str(absent.code))
