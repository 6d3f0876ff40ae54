"""Three accounts full of resources in a moto server, and what boto3 says of them: the truth to compare with."""

import io
import zipfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import boto3
from botocore.config import Config

ROLE = "watch"
# moto's ECS runs this many tasks of every service, whatever is desired (MOTO_ECS_SERVICE_RUNNING).
RUNNING_TASKS = 2
ESCAPES = "\x1b[31mred\x1b[0m \x1b]0;title\x07 \u202eright to left\u202c\u200b"


@dataclass(frozen=True)
class Place:
    """An environment's account and region, and how many tasks each of its services wants."""

    name: str
    account: str
    region: str
    tier: str
    desired_tasks: tuple


# One service of staging lacks one task of three: a warning. One of prod lacks three of five: critical.
PLACES = [
    Place("dev", "111111111111", "eu-west-1", "development", (2,)),
    Place("staging", "222222222222", "us-west-2", "staging", (2, 3)),
    Place("prod", "333333333333", "us-east-1", "production", (2, 3, 5)),
]


@dataclass
class Truth:
    """What there is in one account and region."""

    functions: dict = field(default_factory=dict)  # name → memory in MB
    tables: dict = field(default_factory=dict)  # name, or table/index → (read, write) units or "on demand"
    rest_stages: list = field(default_factory=list)  # (name of the API, stage)
    http_stages: list = field(default_factory=list)  # (name of the API, stage)
    services: dict = field(default_factory=dict)  # name → (running, desired, pending)
    node_groups: dict = field(default_factory=dict)  # (cluster, node group) → (min, desired, max)


class Account:
    """boto3 clients for a role of an account."""

    def __init__(self, endpoint, place):
        self._keys = {
            "endpoint_url": endpoint,
            "region_name": place.region,
            "config": Config(max_pool_connections=16, retries={"max_attempts": 1}),
        }
        base = boto3.client("sts", aws_access_key_id="AKIABASE", aws_secret_access_key="base", **self._keys)
        role = base.assume_role(RoleArn=f"arn:aws:iam::{place.account}:role/{ROLE}", RoleSessionName="compat")
        keys = role["Credentials"]
        self._keys |= {
            "aws_access_key_id": keys["AccessKeyId"],
            "aws_secret_access_key": keys["SecretAccessKey"],
            "aws_session_token": keys["SessionToken"],
        }

    def client(self, service, **other):
        """A client of one service."""
        return boto3.client(service, **(self._keys | other))


def fill(endpoint, place):
    """Creates the resources of a place."""
    account = Account(endpoint, place)
    prefix = f"payments-{place.name}-"
    with ThreadPoolExecutor(4) as pool:
        for make in (functions, tables, rest_apis, http_apis, services, node_groups):
            # A list takes the errors out of the pool.
            list(pool.map(lambda job: job[0](**job[1]), list(make(account, place, prefix))))


def functions(account, place, prefix):
    """250 functions, one with the longest name, all with escape codes in the description."""
    trust = '{"Version": "2012-10-17", "Statement": []}'
    role = account.client("iam").create_role(RoleName="lambda", AssumeRolePolicyDocument=trust)["Role"]["Arn"]
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as code:
        code.writestr("main.py", "def handler(event, context): pass\n")
    names = [f"{prefix}function-{n:03}" for n in range(249)] + [f"{prefix}{'f' * 64}"[:64]]
    client = account.client("lambda")
    # The same account in another region: not part of the environment.
    elsewhere = account.client("lambda", region_name="ap-south-1")
    for number, name in enumerate(names):
        settings = {
            "FunctionName": name,
            "Runtime": "python3.12",
            "Role": role,
            "Handler": "main.handler",
            "Code": {"ZipFile": archive.getvalue()},
            "Description": ESCAPES,
            "MemorySize": 128 + number,
        }
        yield client.create_function, settings
        if number == 0:
            yield elsewhere.create_function, settings | {"FunctionName": "in-another-region"}


def tables(account, place, prefix):
    """250 tables, one with the longest name, one on demand, one with an index."""
    client = account.client("dynamodb")
    names = [f"{prefix}table_{n:03}.v1" for n in range(249)] + [f"{prefix}{'t' * 255}"[:255]]
    for number, name in enumerate(names):
        settings = {
            "TableName": name,
            "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
            "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
        }
        units = {"ReadCapacityUnits": 5 + number, "WriteCapacityUnits": 7 + number}
        if number == 1:
            yield client.create_table, settings | {"BillingMode": "PAY_PER_REQUEST"}
            continue
        if number == 2:
            index = {"IndexName": "by-id", "KeySchema": settings["KeySchema"], "Projection": {"ProjectionType": "ALL"}}
            settings["GlobalSecondaryIndexes"] = [index | {"ProvisionedThroughput": units}]
        yield client.create_table, settings | {"ProvisionedThroughput": units}


def rest_apis(account, place, prefix):
    """60 REST APIs with a stage each, with names of many kinds."""
    client = account.client("apigateway")
    odd = ["Zahlungen über 支付 🚀", f"{prefix}{ESCAPES}", "a" * 255]

    def create(name):
        api = client.create_rest_api(name=name, description=ESCAPES)["id"]
        root = client.get_resources(restApiId=api)["items"][0]["id"]
        client.put_method(restApiId=api, resourceId=root, httpMethod="GET", authorizationType="NONE")
        client.put_integration(restApiId=api, resourceId=root, httpMethod="GET", type="MOCK")
        client.create_deployment(restApiId=api, stageName="live")

    for name in odd + [f"{prefix}api-{n:02}" for n in range(57)]:
        yield create, {"name": name}


def http_apis(account, place, prefix):
    """Five HTTP APIs with a stage each."""
    client = account.client("apigatewayv2")

    def create(name):
        api = client.create_api(Name=name, ProtocolType="HTTP")["ApiId"]
        client.create_stage(ApiId=api, StageName="$default")

    for number in range(5):
        yield create, {"name": f"{prefix}http-{number}"}


def services(account, place, prefix):
    """250 services in clusters of 101, 140 and 9; one cluster is empty, one service has the longest name."""
    client = account.client("ecs")
    client.register_task_definition(
        family="task", containerDefinitions=[{"name": "app", "image": "app", "memory": 128}]
    )
    for number, size in enumerate([101, 140, 9, 0]):
        cluster = f"{prefix}cluster-{number}"
        client.create_cluster(clusterName=cluster)
        for index in range(size):
            last = index == size - 1
            name = f"{prefix}{'s' * 255}"[:255] if last and number == 0 else f"{prefix}service-{number}-{index:03}"
            wanted = place.desired_tasks[index] if number == 1 and index < len(place.desired_tasks) else RUNNING_TASKS
            settings = {"cluster": cluster, "serviceName": name, "taskDefinition": "task", "desiredCount": wanted}
            yield client.create_service, settings


def node_groups(account, place, prefix):
    """Two EKS clusters, one with the longest name, of three and one node groups; a third has none."""
    client = account.client("eks")
    role = f"arn:aws:iam::{place.account}:role/eks"
    for number, (cluster, size) in enumerate([(f"{prefix}a", 3), (f"{prefix}{'k' * 100}"[:100], 1), (f"{prefix}c", 0)]):
        client.create_cluster(name=cluster, roleArn=role, resourcesVpcConfig={})
        for index in range(size):
            scaling = {"minSize": 1 + index, "desiredSize": 2 + index + number, "maxSize": 5 + index}
            settings = {"clusterName": cluster, "nodegroupName": f"{prefix}nodes-{index}", "scalingConfig": scaling}
            yield client.create_nodegroup, settings | {"subnets": ["subnet-1"], "nodeRole": role}
