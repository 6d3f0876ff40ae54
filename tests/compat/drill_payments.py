"""The AWS CLI reads the served payments estate, twelve minutes into its incident; watchfloor says the same of it."""

import json

from aws_cli import AwsCli, ServedDrill, alarm_types
from estates import FUNCTIONS, PAYMENTS, ROUTES, TABLES, TAG_KEYS
from watchfloor import Home, environments, report_of, resources, signals

# The drill stands still at this moment: every run sees the same.
MOMENT = ["--started", "2026-11-20T03:12:40Z", "--speed", "0", "--elapsed", "12m", "--scenario", "bad-deploy"]
HOUR = ["--start-time", "2026-11-20T02:11:00Z", "--end-time", "2026-11-20T03:11:00Z"]
# The minutes that watchfloor judges at this moment: five whole ones before the newest.
JUDGED = [f"2026-11-20T03:{minute:02}" for minute in range(6, 11)]
DEV, STAGING, PROD = PAYMENTS
BROKEN = "payments-prod-payment-processing"
BOTH_TYPES = alarm_types("MetricAlarm", "CompositeAlarm")


def check(checks, binary, folder):
    """Serves the estate and asks."""
    home = Home(folder / "home")
    finished = home.run(binary, "status", "--json", "--drill", "payments", *MOMENT, timeout=60)
    report = environments(report_of(finished))
    checks.equal("drill payments: exit code of status says critical", finished.code, 2)
    with ServedDrill(binary, folder, "payments", *MOMENT) as drill:
        aws = AwsCli(folder, drill.endpoint)
        for environment in PAYMENTS:
            with checks.part(f"drill payments · {environment.name}"):
                figures(checks, aws, environment, report[environment.name])
        for part in (alarm_pages, metrics, versions, other_lists, roles, errors):
            with checks.part(f"drill payments: {part.__name__}"):
                part(checks, aws, report["prod"])
        checks.true("drill payments: stops when told to", drill.stop() in (143, -15), drill.process.returncode)


def figures(checks, aws, environment, shown):
    """What `payments` says of one environment, by the CLI and by watchfloor."""
    name, prefix = f"drill payments · {environment.name}", f"payments-{environment.name}"
    describe = ["dynamodb", "describe-table", "--table-name"]
    answers = aws.ask_all(
        environment.account,
        environment.region,
        {table: [*describe, f"{prefix}-{table}"] for table in TABLES}
        | {
            "identity": ["sts", "get-caller-identity"],
            "tables": ["dynamodb", "list-tables"],
            "functions": ["lambda", "list-functions"],
            "apis": ["apigateway", "get-rest-apis"],
            "alarms": BOTH_TYPES,
        },
    )
    checks.equal(f"{name}: account", answers["identity"]["Account"], environment.account)
    checks.same_members(f"{name}: tables", answers["tables"]["TableNames"], [f"{prefix}-{table}" for table in TABLES])
    stores = resources(shown, "dynamodb-throttles")
    for table in TABLES:
        units = answers[table]["Table"]["ProvisionedThroughput"]
        units = (units["ReadCapacityUnits"], units["WriteCapacityUnits"])
        checks.equal(f"{name}: units of {table}", units, (environment.units, environment.units))
        fields = stores[f"{prefix}-{table}"]["fields"]
        units = (fields["provisioned_read_per_s"], fields["provisioned_write_per_s"])
        checks.equal(f"{name}: units of {table} in status", units, (environment.units, environment.units))
    memory = {f["FunctionName"]: f["MemorySize"] for f in answers["functions"]["Functions"]}
    expected = {f"{prefix}-{function}": environment.memory_mb for function in FUNCTIONS}
    checks.equal(f"{name}: memory of functions", memory, expected)
    memory = {f: r["fields"]["memory_mb"] for f, r in resources(shown, "lambda-errors").items()}
    checks.equal(f"{name}: memory of functions in status", memory, expected)
    (api,) = answers["apis"]["items"]
    of_api = ["--rest-api-id", api["id"]]
    more = aws.ask_all(
        environment.account,
        environment.region,
        {
            "stages": ["apigateway", "get-stages", *of_api],
            "routes": ["apigateway", "get-resources", *of_api, "--embed", "methods"],
        },
    )
    (stage,) = more["stages"]["item"]
    checks.equal(f"{name}: throttle", stage["methodSettings"]["*/*"]["throttlingRateLimit"], environment.rate_limit)
    routes = [route["path"] for route in more["routes"]["items"] if route.get("resourceMethods")]
    checks.same_members(f"{name}: routes", routes, ROUTES)
    alarms = {a["AlarmName"]: a["StateValue"] for kind in answers["alarms"].values() for a in kind}
    checks.equal(f"{name}: number of alarms", len(alarms), environment.alarms)
    checks.same_members(f"{name}: alarms in status", list(resources(shown, "alarms")), list(alarms))
    firing = sorted(alarm for alarm, state in alarms.items() if state == "ALARM")
    incident = ["api-5xx", "payment-processing-errors", "service-health", "transactions-write-throttles"]
    expected = [f"{prefix}-{alarm}" for alarm in incident] if environment is PROD else []
    checks.equal(f"{name}: alarms that fire", firing, expected)
    critical = any(signal["severity"] == "critical" for signal in signals(shown).values())
    checks.equal(f"{name}: critical in prod only", critical, environment is PROD)


def alarm_pages(checks, aws, _):
    """Types, pages, items and histories of alarms."""
    name = "drill payments: alarms"
    metric_alarms = alarm_types("MetricAlarm")
    first = aws.ask(PROD.account, PROD.region, *metric_alarms, "--max-items", "4")
    history = ["cloudwatch", "describe-alarm-history", "--alarm-name", "payments-prod-payment-processing-errors"]
    answers = aws.ask_all(
        PROD.account,
        PROD.region,
        {
            "default": ["cloudwatch", "describe-alarms"],
            "pages": [*BOTH_TYPES, "--page-size", "3"],
            "whole": BOTH_TYPES,
            "rest": [*metric_alarms, "--starting-token", first["NextToken"]],
            "firing": [*BOTH_TYPES, "--state-value", "ALARM"],
            "named": [*BOTH_TYPES, "--alarm-name-prefix", "payments-prod-transactions"],
            "history": [*history, "--history-item-type", "StateUpdate"],
        },
    )
    checks.equal(f"{name}: metric alarms only, unless asked for more", counted(answers["default"]), (13, 0))
    checks.equal(f"{name}: page by page the same", answers["pages"], answers["whole"])
    checks.equal(f"{name}: the first four", sum(counted(first)), 4)
    checks.same_members(f"{name}: four and the rest", names(first) + names(answers["rest"]), names(answers["default"]))
    checks.equal(f"{name}: by state", len(names(answers["firing"])), 4)
    checks.equal(f"{name}: by prefix", len(names(answers["named"])), 2)
    updates = answers["history"]["AlarmHistoryItems"]
    newest = json.loads(updates[0]["HistoryData"]) if updates else {}
    checks.equal(f"{name}: history says when it began to fire", newest.get("newState", {}).get("stateValue"), "ALARM")


def counted(answer):
    """Metric and composite alarms of an answer."""
    return len(answer.get("MetricAlarms", [])), len(answer.get("CompositeAlarms", []))


def names(answer):
    """Names of all alarms of an answer."""
    return [alarm["AlarmName"] for key in ("MetricAlarms", "CompositeAlarms") for alarm in answer.get(key, [])]


def metrics(checks, aws, shown):
    """The same points by GetMetricData and GetMetricStatistics, and the figures that watchfloor makes of them."""
    name = "drill payments: metrics"
    dimensions = [{"Name": "FunctionName", "Value": BROKEN}]

    def query(metric, stat):
        metric_stat = {
            "Metric": {"Namespace": "AWS/Lambda", "MetricName": metric, "Dimensions": dimensions},
            "Period": 60,
            "Stat": stat,
        }
        return {"Id": metric.lower(), "MetricStat": metric_stat}

    queries = json.dumps([query("Errors", "Sum"), query("Invocations", "Sum"), query("Duration", "p95")])
    of_function = ["--namespace", "AWS/Lambda", "--dimensions", f"Name=FunctionName,Value={BROKEN}"]
    statistics = [
        "cloudwatch",
        "get-metric-statistics",
        *of_function,
        *HOUR,
        "--period",
        "60",
        "--metric-name",
        "Errors",
    ]
    answers = aws.ask_all(
        PROD.account,
        PROD.region,
        {
            "data": ["cloudwatch", "get-metric-data", "--metric-data-queries", queries, *HOUR],
            "statistics": [*statistics, "--statistics", "Sum"],
            "list": ["cloudwatch", "list-metrics", "--namespace", "AWS/Lambda", "--metric-name", "Errors"],
        },
    )
    series = {
        result["Id"]: {minute[:16]: value for minute, value in zip(result["Timestamps"], result["Values"], strict=True)}
        for result in answers["data"]["MetricDataResults"]
    }
    checks.equal(f"{name}: complete", {r["StatusCode"] for r in answers["data"]["MetricDataResults"]}, {"Complete"})
    checks.equal(f"{name}: every minute of the hour has invocations", len(series["invocations"]), 60)
    points = {point["Timestamp"][:16]: point["Sum"] for point in answers["statistics"]["Datapoints"]}
    checks.equal(f"{name}: statistics and data agree", points, series["errors"])
    before = [value for minute, value in series["errors"].items() if minute < "2026-11-20T03:00"]
    after = [series["errors"].get(minute, 0.0) for minute in JUDGED]
    checks.true(f"{name}: errors begin with the incident", max(before) * 5 < min(after), (max(before), min(after)))
    listed = [metric["Dimensions"] for metric in answers["list"]["Metrics"]]
    expected = [[{"Name": "FunctionName", "Value": f"payments-prod-{function}"}] for function in FUNCTIONS]
    checks.same_members(f"{name}: list", [d for d in listed if len(d) == 1], expected)
    fields = resources(shown, "lambda-errors")[BROKEN]["fields"]
    sums = {metric: sum(series[metric].get(minute, 0.0) for minute in JUDGED) for metric in ("errors", "invocations")}
    checks.equal(f"{name}: status counts the same", {metric: fields[metric] for metric in sums}, sums)


def versions(checks, aws, _):
    """Versions and aliases of the function that was released."""
    name = "drill payments: versions"
    of_function = ["--function-name", BROKEN]
    answers = aws.ask_all(
        PROD.account,
        PROD.region,
        {
            "aliases": ["lambda", "list-aliases", *of_function],
            "versions": ["lambda", "list-versions-by-function", *of_function],
            "configuration": ["lambda", "get-function-configuration", *of_function],
            "live": ["lambda", "get-function-configuration", *of_function, "--qualifier", "live"],
        },
    )
    checks.equal(
        f"{name}: alias", [(a["Name"], a["FunctionVersion"]) for a in answers["aliases"]["Aliases"]], [("live", "43")]
    )
    published = [version["Version"] for version in answers["versions"]["Versions"]]
    checks.equal(f"{name}: published", (published[0], published[-2:]), ("$LATEST", ["42", "43"]))
    checks.equal(f"{name}: configuration", answers["configuration"]["MemorySize"], PROD.memory_mb)
    checks.equal(f"{name}: behind the alias", answers["live"]["Version"], "43")


def other_lists(checks, aws, _):
    """Services that payments does not use, tags, and lists in pages of one."""
    name = "drill payments: lists"
    answers = aws.ask_all(
        PROD.account,
        PROD.region,
        {
            "eks": ["eks", "list-clusters"],
            "ecs": ["ecs", "list-clusters"],
            "tables": ["dynamodb", "list-tables", "--page-size", "1"],
            "functions": ["lambda", "list-functions", "--page-size", "1", "--query", "Functions[].FunctionName"],
            "tags": ["resourcegroupstaggingapi", "get-resources", "--tag-filters", "Key=Environment,Values=prod"],
        },
    )
    checks.equal(f"{name}: no clusters", (answers["eks"]["clusters"], answers["ecs"]["clusterArns"]), ([], []))
    checks.equal(f"{name}: tables one by one", len(answers["tables"]["TableNames"]), len(TABLES))
    checks.equal(f"{name}: functions one by one", len(answers["functions"]), len(FUNCTIONS))
    tagged = {r["ResourceARN"]: {tag["Key"] for tag in r["Tags"]} for r in answers["tags"]["ResourceTagMappingList"]}
    functions = [arn for arn in tagged if ":function:" in arn]
    checks.equal(f"{name}: tagged functions", len(functions), len(FUNCTIONS))
    checks.true(f"{name}: tags", all(TAG_KEYS <= keys for keys in tagged.values()), tagged)


def roles(checks, aws, _):
    """A role of another account shows that account."""
    name = "drill payments: roles"
    arn = f"arn:aws:iam::{STAGING.account}:role/watch"
    assume = ["sts", "assume-role", "--role-arn", arn, "--role-session-name", "me"]
    given = aws.ask(PROD.account, PROD.region, *assume)["Credentials"]
    keys = {
        "AWS_ACCESS_KEY_ID": given["AccessKeyId"],
        "AWS_SECRET_ACCESS_KEY": given["SecretAccessKey"],
        "AWS_SESSION_TOKEN": given["SessionToken"],
    }
    identity = aws.ask(None, STAGING.region, "sts", "get-caller-identity", keys=keys)
    arn = f"arn:aws:sts::{STAGING.account}:assumed-role/watch/me"
    checks.equal(f"{name}: identity", (identity["Account"], identity["Arn"]), (STAGING.account, arn))
    tables = aws.ask(None, STAGING.region, "dynamodb", "list-tables", keys=keys)["TableNames"]
    checks.same_members(f"{name}: tables of the other account", tables, [f"payments-staging-{t}" for t in TABLES])


def errors(checks, aws, _):
    """What is not there, by AWS's own error codes."""
    name = "drill payments: errors"
    cases = [
        ("ResourceNotFoundException", ["dynamodb", "describe-table", "--table-name", "nothing"]),
        ("ResourceNotFoundException", ["lambda", "get-function-configuration", "--function-name", "nothing"]),
        ("NotFoundException", ["apigateway", "get-stages", "--rest-api-id", "nothing"]),
        ("ClusterNotFoundException", ["ecs", "list-services", "--cluster", "nothing"]),
        ("ResourceNotFoundException", ["eks", "describe-cluster", "--name", "nothing"]),
    ]
    for code, command in cases:
        finished = aws.raw(PROD.account, PROD.region, *command)
        checks.contains(f"{name}: {' '.join(command[:2])}", finished.err, f"({code})")
    elsewhere = aws.ask(PROD.account, "ap-south-1", "dynamodb", "list-tables")["TableNames"]
    checks.equal(f"{name}: nothing in another region", elsewhere, [])
    other = aws.raw("999999999999", PROD.region, "sts", "get-caller-identity")
    checks.true(f"{name}: keys of an account that is not there are refused", other.code != 0, other.out)
