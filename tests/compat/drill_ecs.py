"""The AWS CLI reads the served uex-payments estate: six ECS services; watchfloor says the same of them."""

from aws_cli import AwsCli, ServedDrill, alarm_types
from estates import PORTS, TAG_KEYS, UEX_PAYMENTS, UEX_REGION
from watchfloor import Home, environments, report_of, resources, signals

MOMENT = ["--started", "2026-11-20T15:00:20Z", "--speed", "0", "--elapsed", "30m"]
CALM = [*MOMENT, "--scenario", "calm"]


def check(checks, binary, folder):
    """Serves the estate on a calm day and asks."""
    home = Home(folder / "home")
    finished = home.run(binary, "status", "--json", "--drill", "uex-payments", *CALM, timeout=60)
    report = environments(report_of(finished))
    with ServedDrill(binary, folder, "uex-payments", *CALM) as drill:
        aws = AwsCli(folder, drill.endpoint)
        for environment in UEX_PAYMENTS:
            with checks.part(f"drill uex-payments · {environment.name}"):
                figures(checks, aws, environment, report[environment.name])
    with checks.part("drill uex-payments: incident"):
        finished = home.run(binary, "status", "--json", "--drill", "uex-payments", *MOMENT, timeout=60)
        shown = environments(report_of(finished))
        severities = {name: signals(e)["ecs-capacity"]["severity"] for name, e in shown.items()}
        troubled = [name for name, severity in severities.items() if severity in ("warning", "critical")]
        checks.true("drill uex-payments: the default scenario troubles one environment", len(troubled) == 1, severities)


def figures(checks, aws, environment, shown):
    """What `uex-payments` says of one environment."""
    name, cluster = f"drill uex-payments · {environment.name}", f"uex-payments-{environment.name}"

    def ask_all(commands):
        return aws.ask_all(environment.account, UEX_REGION, commands)

    targets = ["application-autoscaling", "describe-scalable-targets", "--service-namespace", "ecs"]
    answers = ask_all(
        {
            "clusters": ["ecs", "list-clusters"],
            "services": ["ecs", "list-services", "--cluster", cluster],
            "described": ["ecs", "describe-services", "--cluster", cluster, "--services", *PORTS],
            "targets": targets,
            "eks": ["eks", "list-clusters"],
            "tags": ["resourcegroupstaggingapi", "get-resources", "--resource-type-filters", "ecs:service"],
            "alarms": alarm_types("MetricAlarm", "CompositeAlarm"),
        }
    )
    arn = f"arn:aws:ecs:{UEX_REGION}:{environment.account}:cluster/{cluster}"
    checks.equal(f"{name}: clusters", answers["clusters"]["clusterArns"], [arn])
    listed = [service.rsplit("/", 1)[-1] for service in answers["services"]["serviceArns"]]
    checks.same_members(f"{name}: services", listed, list(PORTS))
    services = {service["serviceName"]: service for service in answers["described"]["services"]}
    checks.equal(f"{name}: all described", (sorted(services), answers["described"]["failures"]), (sorted(PORTS), []))
    tasks = sum(service["desiredCount"] for service in services.values())
    checks.true(f"{name}: tasks together", tasks in environment.tasks, tasks)
    running = {service: s["runningCount"] for service, s in services.items()}
    checks.equal(
        f"{name}: all run on a calm day", running, {service: s["desiredCount"] for service, s in services.items()}
    )
    ports = {service: s["loadBalancers"][0]["containerPort"] for service, s in services.items()}
    checks.equal(f"{name}: ports", ports, PORTS)
    states = {s["deployments"][0]["rolloutState"] for s in services.values()}
    checks.equal(f"{name}: deployments are complete", states, {"COMPLETED"})
    # All six task definitions of prod, one each of the others.
    wanted = list(PORTS) if environment.name == "prod" else ["presentation"]
    definition = ["ecs", "describe-task-definition", "--task-definition"]
    definitions = ask_all({service: [*definition, services[service]["taskDefinition"]] for service in wanted})
    for service in wanted:
        given = definitions[service]["taskDefinition"]
        mapped = [p["containerPort"] for c in given["containerDefinitions"] for p in c.get("portMappings", [])]
        seen = (given["cpu"], given["memory"], PORTS[service] in mapped)
        checks.equal(f"{name}: task of {service}", seen, (environment.cpu, environment.memory, True))
    bounds = answers["targets"]["ScalableTargets"]
    scaled = [target["ResourceId"].rsplit("/", 1)[-1] for target in bounds]
    checks.same_members(f"{name}: services that scale", scaled, list(PORTS) if environment.name == "prod" else [])
    if bounds:
        sums = [sum(target[key] for target in bounds) for key in ("MinCapacity", "MaxCapacity")]
        checks.equal(f"{name}: bounds of all services", sums, [30, 60])
    checks.equal(f"{name}: no EKS clusters", answers["eks"]["clusters"], [])
    tagged = answers["tags"]["ResourceTagMappingList"]
    checks.equal(f"{name}: tagged services", len(tagged), len(PORTS))
    checks.true(f"{name}: tags", all(TAG_KEYS <= {t["Key"] for t in r["Tags"]} for r in tagged), tagged)
    alarms = [alarm for kind in answers["alarms"].values() for alarm in kind]
    checks.true(f"{name}: twenty alarms or more", len(alarms) >= 20, len(alarms))
    row = resources(shown, "ecs-capacity")
    seen = {s: (r["fields"]["running"], r["fields"]["desired"]) for s, r in row.items()}
    checks.equal(
        f"{name}: status counts the same", seen, {s: (running[s], services[s]["desiredCount"]) for s in services}
    )
    checks.equal(f"{name}: status sums up", signals(shown)["ecs-capacity"]["headline"], f"{tasks}/{tasks}")
    checks.equal(
        f"{name}: status knows the bounds", {r["fields"]["scaling_max"] == "none" for r in row.values()}, {not bounds}
    )
