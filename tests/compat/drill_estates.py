"""The AWS CLI reads every service of every served estate; watchfloor names the same resources."""

from aws_cli import AwsCli, ServedDrill, alarm_types
from watchfloor import Home, environments, report_of, resources

MOMENT = ["--started", "2026-11-20T15:00:20Z", "--speed", "0", "--elapsed", "20m", "--scenario", "calm"]
# Accounts and regions by estate and environment.
PLACES = {
    "payments": {
        "dev": ("111111111111", "eu-west-1"),
        "staging": ("222222222222", "us-west-2"),
        "prod": ("333333333333", "us-east-1"),
    },
    "uex-payments": {
        "dev": ("444444444444", "us-east-1"),
        "staging": ("555555555555", "us-east-1"),
        "prod": ("666666666666", "us-east-1"),
    },
    "analytics": {"production": ("101010101010", "us-east-1")},
    "wallet-ecs": {"staging": ("777777777777", "sa-east-1"), "production": ("888888888888", "sa-east-1")},
    "wallet-eks": {"staging": ("999999999999", "sa-east-1"), "production": ("121212121212", "sa-east-1")},
}
# A list of every service: the command, and where its answer has the names.
LISTS = {
    "functions": (["lambda", "list-functions"], "Functions[].FunctionName"),
    "tables": (["dynamodb", "list-tables"], "TableNames[]"),
    "rest": (["apigateway", "get-rest-apis"], "items[].name"),
    "http": (["apigatewayv2", "get-apis"], "Items[].Name"),
    "clusters": (["ecs", "list-clusters"], "clusterArns[]"),
    "kubernetes": (["eks", "list-clusters"], "clusters[]"),
    "databases": (["rds", "describe-db-instances"], "DBInstances[].DBInstanceIdentifier"),
    "aurora": (["rds", "describe-db-clusters"], "DBClusters[].DBClusterIdentifier"),
    "caches": (["elasticache", "describe-cache-clusters", "--show-cache-node-info"], "CacheClusters[].CacheClusterId"),
    "groups": (["elasticache", "describe-replication-groups"], "ReplicationGroups[].ReplicationGroupId"),
    "brokers": (["kafka", "list-clusters-v2"], "ClusterInfoList[].ClusterName"),
    "balancers": (["elbv2", "describe-load-balancers"], "LoadBalancers[].LoadBalancerName"),
    "targets": (["elbv2", "describe-target-groups"], "TargetGroups[].TargetGroupName"),
    "queues": (["sqs", "list-queues"], "QueueUrls[]"),
    "logs": (["logs", "describe-log-groups"], "logGroups[].[logGroupName, retentionInDays]"),
    "buckets": (["s3api", "list-buckets"], "Buckets[].Name"),
    "keys": (["kms", "list-aliases"], "Aliases[].AliasName"),
    "scaled": (
        ["application-autoscaling", "describe-scalable-targets", "--service-namespace", "ecs"],
        "ScalableTargets[].ResourceId",
    ),
    "alarms": (alarm_types("MetricAlarm", "CompositeAlarm"), "[MetricAlarms, CompositeAlarms][][].AlarmName"),
    "tagged": (["resourcegroupstaggingapi", "get-resources"], "ResourceTagMappingList[].ResourceARN"),
    "db events": (["rds", "describe-events", "--duration", "1440"], "Events[].SourceIdentifier"),
    "cache events": (["elasticache", "describe-events", "--duration", "1440"], "Events[].SourceIdentifier"),
}
# Kinds of things that an environment of an estate has.
HAS = {
    "payments": {"functions", "tables", "rest", "logs", "buckets", "keys", "alarms", "tagged"},
    "uex-payments": {"clusters", "databases", "caches", "balancers", "targets", "logs", "alarms", "tagged"},
    "analytics": {"clusters", "databases", "logs", "alarms", "tagged"},
    "wallet-ecs": {"clusters", "databases", "aurora", "groups", "brokers", "balancers", "targets", "alarms", "tagged"},
    "wallet-eks": {"kubernetes", "databases", "aurora", "caches", "brokers", "alarms", "tagged"},
}


def check(checks, binary, folder):
    """Serves each estate on a calm day and asks for everything."""
    home = Home(folder / "home")
    for estate, places in PLACES.items():
        with checks.part(f"drill {estate}: every service"):
            finished = home.run(binary, "status", "--json", "--drill", estate, *MOMENT, timeout=60)
            report = environments(report_of(finished))
            checks.equal(f"drill {estate}: environments", list(report), list(places))
            own = folder / estate
            own.mkdir()
            with ServedDrill(binary, own, estate, *MOMENT) as drill:
                aws = AwsCli(own, drill.endpoint)
                for name, (account, region) in places.items():
                    with checks.part(f"drill {estate} · {name}: every service"):
                        everything(checks, aws, estate, name, account, region, report[name])


def everything(checks, aws, estate, name, account, region, shown):
    """All lists of one environment."""
    title = f"drill {estate} · {name}"
    asked = {kind: [*command, "--query", query] for kind, (command, query) in LISTS.items()}
    answers = aws.ask_all(account, region, asked)
    found = {kind: answers[kind] or [] for kind in LISTS}
    lacking = sorted(kind for kind in HAS[estate] if not found[kind])
    checks.equal(f"{title}: the CLI reads what there is", lacking, [])
    rows = {
        "alarms": found["alarms"],
        "lambda-errors": found["functions"],
        "rds": found["databases"] + found["aurora"],
        "load-balancers": found["balancers"] + found["targets"],
        "sqs": [url.rsplit("/", 1)[-1] for url in found["queues"]],
    }
    for signal, wanted in rows.items():
        checks.same_members(f"{title}: {signal} in status", list(resources(shown, signal)), wanted)
    for signal, kinds in {"elasticache": ["groups", "caches"], "msk": ["brokers"]}.items():
        names = set(resources(shown, signal))
        missing = [thing for kind in kinds for thing in found[kind] if thing not in names]
        checks.equal(f"{title}: {signal} in status", missing, [])
