"""Databases, caches, load balancers, queues and logs in a moto server, and what boto3 says of them."""

import json
import time
from dataclasses import dataclass, field

from moto_estate import ESCAPES, Account
from moto_truth import pages

LOG_GROUP = "/aws/lambda/{prefix}function-000"
# More than one page of FilterLogEvents as watchfloor asks for it, and more than one of moto's.
LOG_LINES = 2500


@dataclass
class DataTruth:
    """What there is in one account and region."""

    databases: dict = field(default_factory=dict)  # instance → (class, engine, status)
    clusters: dict = field(default_factory=dict)  # cluster → (writer, readers, bounds of ACU or None)
    caches: set = field(default_factory=set)  # names of cache clusters
    replication_groups: dict = field(default_factory=dict)  # name → (status, automatic failover)
    balancers: set = field(default_factory=set)
    target_groups: dict = field(default_factory=dict)  # name → (healthy targets, all targets)
    queues: dict = field(default_factory=dict)  # name → visible messages
    dead_letters: set = field(default_factory=set)  # names of the queues that take them


def fill(endpoint, place):
    """Creates all of it in a place."""
    account, prefix = Account(endpoint, place), f"payments-{place.name}-"
    for make in (databases, caches, balancers, queues, logs):
        make(account, prefix)


def databases(account, prefix):
    """130 instances: more than a page; one a replica; two clusters, one serverless."""
    client = account.client("rds")
    own = {"MasterUsername": "compat", "MasterUserPassword": "compat-compat"}
    for number in range(129):
        client.create_db_instance(
            DBInstanceIdentifier=f"{prefix}db-{number:03}",
            DBInstanceClass="db.t4g.micro" if number else "db.r5.xlarge",
            Engine="postgres",
            AllocatedStorage=20 + number,
            **own,
        )
    client.create_db_instance_read_replica(
        DBInstanceIdentifier=f"{prefix}db-replica", SourceDBInstanceIdentifier=f"{prefix}db-000"
    )
    for name, bounds in (("aurora", None), ("serverless", {"MinCapacity": 0.5, "MaxCapacity": 2})):
        scaling = {"ServerlessV2ScalingConfiguration": bounds} if bounds else {}
        client.create_db_cluster(DBClusterIdentifier=prefix + name, Engine="aurora-mysql", **own, **scaling)
        for number in range(3):
            client.create_db_instance(
                DBInstanceIdentifier=f"{prefix}{name}-{number}",
                DBInstanceClass="db.serverless" if bounds else "db.r6g.2xlarge",
                Engine="aurora-mysql",
                DBClusterIdentifier=prefix + name,
            )


def caches(account, prefix):
    """110 clusters: more than a page; a replication group with automatic failover."""
    client = account.client("elasticache")
    for number in range(110):
        client.create_cache_cluster(
            CacheClusterId=f"{prefix}c-{number:03}", Engine="redis", CacheNodeType="cache.t3.micro", NumCacheNodes=1
        )
    client.create_replication_group(
        ReplicationGroupId=f"{prefix}group",
        ReplicationGroupDescription="sessions",
        Engine="redis",
        CacheNodeType="cache.r5.large",
        NumCacheClusters=3,
        AutomaticFailoverEnabled=True,
    )


def balancers(account, prefix):
    """Three application load balancers with four target groups each, with none to three targets."""
    ec2, client = account.client("ec2"), account.client("elbv2")
    network = ec2.describe_vpcs()["Vpcs"][0]["VpcId"]
    subnets = [subnet["SubnetId"] for subnet in ec2.describe_subnets()["Subnets"]][:2]
    for number in range(3):
        name = f"{prefix}alb-{number}"
        balancer = client.create_load_balancer(Name=name, Subnets=subnets)["LoadBalancers"][0]["LoadBalancerArn"]
        for index in range(4):
            group = client.create_target_group(
                Name=f"{prefix}tg-{number}-{index}", Protocol="HTTP", Port=80, VpcId=network, TargetType="ip"
            )["TargetGroups"][0]["TargetGroupArn"]
            forward = [{"Type": "forward", "TargetGroupArn": group}]
            client.create_listener(LoadBalancerArn=balancer, Protocol="HTTP", Port=80 + index, DefaultActions=forward)
            targets = [{"Id": f"10.0.{number}.{target + 1}", "Port": 80} for target in range(index)]
            if targets:
                client.register_targets(TargetGroupArn=group, Targets=targets)


def queues(account, prefix):
    """120 queues, the first with a dead-letter queue that holds two messages."""
    client = account.client("sqs")
    dead = client.create_queue(QueueName=f"{prefix}orders-dead")["QueueUrl"]
    for _ in range(2):
        client.send_message(QueueUrl=dead, MessageBody=ESCAPES)
    arn = client.get_queue_attributes(QueueUrl=dead, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    redrive = json.dumps({"deadLetterTargetArn": arn, "maxReceiveCount": 3})
    client.create_queue(QueueName=f"{prefix}orders", Attributes={"RedrivePolicy": redrive})
    for number in range(118):
        client.create_queue(QueueName=f"{prefix}queue-{number:03}")


def logs(account, prefix):
    """The log group of a function: thousands of lines, some with escape codes."""
    client = account.client("logs")
    group = LOG_GROUP.format(prefix=prefix)
    client.create_log_group(logGroupName=group)
    client.create_log_stream(logGroupName=group, logStreamName="2026/11/21/[$LATEST]compat")
    newest = int(time.time() * 1000)
    lines = [
        {"timestamp": newest - LOG_LINES + n, "message": f"line {n:04} {ESCAPES if n % 100 == 0 else 'plain'}"}
        for n in range(LOG_LINES)
    ]
    for start in range(0, LOG_LINES, 1000):
        client.put_log_events(
            logGroupName=group, logStreamName="2026/11/21/[$LATEST]compat", logEvents=lines[start : start + 1000]
        )


def truth(endpoint, place):
    """Asks for everything, page by page."""
    account, found = Account(endpoint, place), DataTruth()
    rds = account.client("rds")
    for instance in pages(rds, "describe_db_instances", "DBInstances"):
        shown = (instance["DBInstanceClass"], instance["Engine"], instance["DBInstanceStatus"])
        found.databases[instance["DBInstanceIdentifier"]] = shown
    for cluster in pages(rds, "describe_db_clusters", "DBClusters"):
        members = {m["DBInstanceIdentifier"]: m["IsClusterWriter"] for m in cluster["DBClusterMembers"]}
        bounds = cluster.get("ServerlessV2ScalingConfiguration")
        found.clusters[cluster["DBClusterIdentifier"]] = (
            [name for name, writes in members.items() if writes],
            sorted(name for name, writes in members.items() if not writes),
            bounds and (bounds["MinCapacity"], bounds["MaxCapacity"]),
        )
    elasticache = account.client("elasticache")
    found.caches = {c["CacheClusterId"] for c in pages(elasticache, "describe_cache_clusters", "CacheClusters")}
    for group in pages(elasticache, "describe_replication_groups", "ReplicationGroups"):
        found.replication_groups[group["ReplicationGroupId"]] = (group["Status"], group["AutomaticFailover"])
    elb = account.client("elbv2")
    found.balancers = {b["LoadBalancerName"] for b in pages(elb, "describe_load_balancers", "LoadBalancers")}
    for group in pages(elb, "describe_target_groups", "TargetGroups"):
        health = elb.describe_target_health(TargetGroupArn=group["TargetGroupArn"])["TargetHealthDescriptions"]
        healthy = sum(target["TargetHealth"]["State"] == "healthy" for target in health)
        found.target_groups[group["TargetGroupName"]] = (healthy, len(health))
    sqs = account.client("sqs")
    for url in pages(sqs, "list_queues", "QueueUrls"):
        attributes = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
        found.queues[url.rsplit("/", 1)[-1]] = int(attributes["ApproximateNumberOfMessages"])
        if "RedrivePolicy" in attributes:
            found.dead_letters.add(json.loads(attributes["RedrivePolicy"])["deadLetterTargetArn"].rsplit(":", 1)[-1])
    return found
