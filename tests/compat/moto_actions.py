"""Runbooks change resources in a moto server: exactly one request with exactly these fields, and what boto3 then says."""

import io
import json
import signal
import subprocess
import threading
import zipfile
from dataclasses import dataclass

from moto_estate import PLACES, ROLE, Account
from processes import Server, clean_environment, free_port, python_module
from recorder import Recorder, Sent
from watchfloor import Home, crash_words, environment_toml, profile

PLACE = PLACES[2]
REFUSED, STOPPED = 3, 143
# Nothing here takes longer, even on a busy machine.
PATIENCE = 90
CLUSTER, SERVICE, SCALED = "orders", "orders-api", "orders-worker"


@dataclass
class Case:
    """A runbook, its parameters, what must be sent, and what AWS must say afterwards."""

    runbook: str
    params: dict
    sent: Sent
    after: object
    want: object
    override: str | None = None


def check(checks, binary, folder):
    """Starts the server and the recorder, makes the resources, runs the runbooks."""
    port = free_port()
    moto = python_module("moto.server", "-H", "127.0.0.1", "-p", str(port))
    with Server(moto, clean_environment(folder) | {"MOTO_ECS_SERVICE_RUNNING": "2"}) as server, Recorder(port) as recorder:
        server.wait_for_port(port, 60)
        account = Account(f"http://127.0.0.1:{port}", PLACE)
        base = profile("base", aws_access_key_id="AKIABASE", aws_secret_access_key="base", endpoint_url=recorder.url)
        role = f"arn:aws:iam::{PLACE.account}:role/{ROLE}"
        own = profile(PLACE.name, role_arn=role, source_profile="base", endpoint_url=recorder.url)
        toml = environment_toml(PLACE.name, PLACE.tier, profile=PLACE.name, region=PLACE.region, account=PLACE.account)
        home = Home(folder / "home", base + own, configuration=toml)
        for make in (of_lambda, of_ecs, of_autoscaling, of_dynamodb, of_apigateway, of_eks):
            with checks.part(f"actions: {make.__name__.removeprefix('of_')}"):
                for case in make(account):
                    one(checks, binary, home, recorder, case)
        verified = home.run(binary, "audit", "verify")
        checks.equal("actions: the records are whole", verified.code, 0)


def one(checks, binary, home, recorder, case):
    """Plans, applies, compares."""
    title = f"actions: {case.runbook} {' '.join(f'{k}={v}' for k, v in case.params.items())}"
    command = ["run", case.runbook, "--config", str(home.configuration), "--env", PLACE.name, "--json"]
    for name, value in case.params.items():
        command += ["--param", f"{name}={value}"]
    if case.override:
        command += ["--override", case.override, "--reason", "moto has no figures"]
    recorder.taken()
    planned = home.run(binary, *command, "--plan", timeout=PATIENCE)
    plan = json.loads(planned.out) if planned.out else {"confirm": "", "guards": []}
    # Arming is a part of applying; what is overridden is refused until it is applied.
    refusals = {guard["rule"] for guard in plan["guards"] if guard.get("judged") == "refused"}
    refusals -= {case.override, f"read-only/{PLACE.name}"}
    says = f"{planned.code} {planned.err} {plan.get('fault')} {plan.get('unmet')} {refusals}"
    allowed = planned.code == (REFUSED if case.override else 0) and not refusals
    if not checks.true(f"{title}: the plan is allowed", allowed, says):
        return
    checks.equal(f"{title}: a plan sends nothing", recorder.taken(), [])
    code, out, err = applied(binary, home, [*command, "--confirm", plan["confirm"]])
    states = [json.loads(line) for line in out.splitlines()]
    sent = recorder.taken()
    checks.equal(f"{title}: exactly what was sent", [strip(one) for one in sent], [strip(case.sent)])
    checks.equal(f"{title}: and AWS says", case.after(), case.want)
    outcome = (states[-1]["outcome"] or {}).get("sent") if states else err
    checks.equal(f"{title}: AWS accepted it", outcome, "accepted")
    # moto never finishes a rollout and has no figures: what cannot be verified is stopped here, in order.
    checks.true(f"{title}: it ends in order", code in (0, STOPPED), f"{code} {err} {out[-800:]}")
    checks.equal(f"{title}: no words of a crash", [word for word in crash_words(_Said(out, err))], [])


@dataclass
class _Said:
    """What a command said."""

    out: str
    err: str


def strip(sent):
    """Without what is different each time: the token that makes a request safe to repeat."""
    body = sent.body
    if isinstance(body, dict):
        body = {name: value for name, value in body.items() if name.lower() != "clientrequesttoken"}
    return Sent(sent.what, body)


def applied(binary, home, command):
    """Runs it until its change is accepted and looked at; asks it to end then."""
    process = subprocess.Popen(
        [str(binary), *command],
        env=home.environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    lines = []
    late = threading.Timer(PATIENCE, process.kill)
    late.start()
    for line in process.stdout:
        lines.append(line)
        state = json.loads(line)
        looked = state.get("observed") or state.get("paused")
        if state.get("outcome") and looked and state["state"] in ("waiting", "verifying"):
            process.send_signal(signal.SIGTERM)
            break
    out, err = process.communicate()
    late.cancel()
    return process.returncode, "".join(lines) + out, err


def of_lambda(account):
    """An alias of three versions, and reserved concurrency."""
    trust = '{"Version": "2012-10-17", "Statement": []}'
    role = account.client("iam").create_role(RoleName="lambda", AssumeRolePolicyDocument=trust)["Role"]["Arn"]
    client = account.client("lambda")
    name = "payments-prod-processing"
    code(client, name, role, 1)
    for number in (2, 3):
        client.update_function_code(FunctionName=name, ZipFile=archive(number), Publish=True)
    client.create_alias(FunctionName=name, Name="live", FunctionVersion="3")
    revision = client.get_alias(FunctionName=name, Name="live")["RevisionId"]
    path = f"/2015-03-31/functions/{name}/aliases/live"
    # Without weights of its own the request would leave those that are there.
    body = {"FunctionVersion": "2", "RevisionId": revision, "RoutingConfig": {"AdditionalVersionWeights": {}}}
    yield Case(
        "lambda-alias-rollback",
        {"function": name, "to": "2"},
        Sent(f"PUT {path}", body),
        lambda: client.get_alias(FunctionName=name, Name="live")["FunctionVersion"],
        "2",
    )
    yield Case(
        "lambda-concurrency",
        {"function": name, "reserved": 700},
        Sent(f"PUT /2017-10-31/functions/{name}/concurrency", {"ReservedConcurrentExecutions": 700}),
        lambda: client.get_function_concurrency(FunctionName=name).get("ReservedConcurrentExecutions"),
        700,
        override=f"floor/{name}",
    )


def archive(number):
    """Code, different for each number."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as files:
        files.writestr("main.py", f"def handler(event, context): return {number}\n")
    return content.getvalue()


def code(client, name, role, number):
    """A function with its first version."""
    client.create_function(
        FunctionName=name,
        Runtime="python3.12",
        Role=role,
        Handler="main.handler",
        Code={"ZipFile": archive(number)},
        Publish=True,
    )


def service(account, name, desired):
    """A service with two revisions of its task definition; the second one runs."""
    ecs = account.client("ecs")
    ecs.create_cluster(clusterName=CLUSTER)
    for tag in ("one", "two"):
        ecs.register_task_definition(family=name, containerDefinitions=[{"name": "app", "image": f"app:{tag}", "memory": 64}])
    ecs.create_service(cluster=CLUSTER, serviceName=name, taskDefinition=f"{name}:2", desiredCount=desired)
    return ecs


def of_ecs(account):
    """The number of tasks, another revision, all tasks anew."""
    ecs = service(account, SERVICE, 2)
    arn = ecs.describe_clusters(clusters=[CLUSTER])["clusters"][0]["clusterArn"]

    def now(field):
        return ecs.describe_services(cluster=CLUSTER, services=[SERVICE])["services"][0][field]

    own = {"cluster": arn, "service": SERVICE}
    yield Case(
        "ecs-scale",
        {"service": SERVICE, "desired": 3},
        Sent("UpdateService", own | {"desiredCount": 3}),
        lambda: now("desiredCount"),
        3,
    )
    earlier = now("taskDefinition").replace(":2", ":1")
    yield Case(
        "ecs-rollback",
        {"service": SERVICE, "to": f"{SERVICE}:1"},
        Sent("UpdateService", own | {"taskDefinition": earlier}),
        lambda: now("taskDefinition"),
        earlier,
    )


def of_autoscaling(account):
    """Where autoscaling owns the number of tasks, its minimum is raised."""
    service(account, SCALED, 2)
    client = account.client("application-autoscaling")
    own = {
        "ServiceNamespace": "ecs",
        "ResourceId": f"service/{CLUSTER}/{SCALED}",
        "ScalableDimension": "ecs:service:DesiredCount",
    }
    client.register_scalable_target(**own, MinCapacity=1, MaxCapacity=10)
    yield Case(
        "ecs-scale",
        {"service": SCALED, "desired": 4},
        Sent("RegisterScalableTarget", own | {"MinCapacity": 4}),
        lambda: client.describe_scalable_targets(ServiceNamespace="ecs")["ScalableTargets"][0]["MinCapacity"],
        4,
    )


def of_dynamodb(account):
    """A table with an index: DynamoDB takes both capacities, of the one that is changed only."""
    client = account.client("dynamodb")
    keys = [{"AttributeName": "id", "KeyType": "HASH"}]
    throughput = {"ReadCapacityUnits": 10, "WriteCapacityUnits": 20}
    client.create_table(
        TableName="orders",
        KeySchema=keys,
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        ProvisionedThroughput=throughput,
        GlobalSecondaryIndexes=[
            {
                "IndexName": "by-id",
                "KeySchema": keys,
                "Projection": {"ProjectionType": "ALL"},
                "ProvisionedThroughput": throughput,
            }
        ],
    )

    def now():
        table = client.describe_table(TableName="orders")["Table"]
        both = [table["ProvisionedThroughput"], table["GlobalSecondaryIndexes"][0]["ProvisionedThroughput"]]
        return [(one["ReadCapacityUnits"], one["WriteCapacityUnits"]) for one in both]

    more = {"ReadCapacityUnits": 10, "WriteCapacityUnits": 40}
    yield Case(
        "dynamodb-capacity",
        {"table": "orders", "write": 40},
        Sent("UpdateTable", {"TableName": "orders", "ProvisionedThroughput": more}),
        now,
        [(10, 40), (10, 20)],
    )


def of_apigateway(account):
    """The throttling of a stage of a REST API."""
    client = account.client("apigateway")
    api = client.create_rest_api(name="orders")["id"]
    root = client.get_resources(restApiId=api)["items"][0]["id"]
    client.put_method(restApiId=api, resourceId=root, httpMethod="GET", authorizationType="NONE")
    client.put_integration(restApiId=api, resourceId=root, httpMethod="GET", type="MOCK")
    client.create_deployment(restApiId=api, stageName="live")
    patches = [
        {"op": "replace", "path": "/*/*/throttling/rateLimit", "value": "9000"},
        {"op": "replace", "path": "/*/*/throttling/burstLimit", "value": "4000"},
    ]

    def now():
        settings = client.get_stage(restApiId=api, stageName="live").get("methodSettings", {}).get("*/*", {})
        return settings.get("throttlingRateLimit"), settings.get("throttlingBurstLimit")

    yield Case(
        "apigateway-throttle",
        {"api": "orders", "stage": "live", "rate": 9000, "burst": 4000},
        Sent(f"PATCH /restapis/{api}/stages/live", {"patchOperations": patches}),
        now,
        (9000.0, 4000),
    )


def of_eks(account):
    """The number of nodes."""
    client = account.client("eks")
    role = f"arn:aws:iam::{PLACE.account}:role/eks"
    client.create_cluster(name="orders", roleArn=role, resourcesVpcConfig={"subnetIds": ["subnet-1"]})
    client.create_nodegroup(
        clusterName="orders",
        nodegroupName="general",
        subnets=["subnet-1"],
        nodeRole=role,
        scalingConfig={"minSize": 1, "maxSize": 5, "desiredSize": 2},
    )

    def now():
        return client.describe_nodegroup(clusterName="orders", nodegroupName="general")["nodegroup"]["scalingConfig"]

    yield Case(
        "eks-nodegroup-scale",
        {"nodegroup": "general", "desired": 3},
        Sent("POST /clusters/orders/node-groups/general/update-config", {"scalingConfig": {"desiredSize": 3}}),
        now,
        {"minSize": 1, "maxSize": 5, "desiredSize": 3},
    )
