"""Three environments in a moto server that boto3 makes alike but for known differences."""

import io
import zipfile

from moto_estate import Account, Place

PLACES = [
    Place("dev", "444444444444", "eu-central-1", "development", ()),
    Place("staging", "555555555555", "ap-southeast-2", "staging", ()),
    Place("prod", "666666666666", "us-east-2", "production", ()),
]
# Values of variables: watchfloor reads names only, so this word must be nowhere in what it says.
HIDDEN = "hidden-value"
TEAM = {"Team": "payments", "CostCenter": "CC-1"}
UNICODE_API = "Zahlungsströme-支払い"
UNICODE_GROUP = "журнал"
# More than two pages of DescribeLogGroups, and more than one of the tagging API.
MORE_GROUPS = 110


def by(place, dev, staging, prod):
    """What differs, by environment."""
    return {"dev": dev, "staging": staging, "prod": prod}[place.name]


def tags(place, **other):
    """The tags of everything; `None` takes one away."""
    all_tags = {"Environment": place.name} | TEAM | other
    return {key: value for key, value in all_tags.items() if value is not None}


def pairs(of, key="Key", value="Value"):
    """Tags as most services want them."""
    return [{key: name, value: word} for name, word in of.items()]


def code(text):
    """A function's code; the same text is the same archive at any time."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as content:
        content.writestr(zipfile.ZipInfo("main.py", (2026, 1, 1, 0, 0, 0)), text)
    return archive.getvalue()


def fill(endpoint, place):
    """Creates the resources of a place."""
    account, prefix = Account(endpoint, place), f"payments-{place.name}-"
    key = keys(account, place, prefix)
    functions(account, place, prefix)
    tables(account, place, prefix, key)
    for make in (rest_apis, http_apis, buckets, logs, services, node_groups):
        make(account, place, prefix)
    for make in (databases, caches, brokers, balancers, alarms):
        make(account, place, prefix)


def keys(account, place, prefix):
    """A key that rotates, but not in dev; its ARN. In staging also one without an alias."""
    client = account.client("kms")
    made = client.create_key(Tags=pairs(tags(place), "TagKey", "TagValue"))["KeyMetadata"]
    client.create_alias(AliasName=f"alias/{prefix}data", TargetKeyId=made["KeyId"])
    if place.name != "dev":
        client.enable_key_rotation(KeyId=made["KeyId"])
    if place.name == "staging":
        client.create_key(Description="left over", Tags=pairs(tags(place), "TagKey", "TagValue"))
    return made["Arn"]


def functions(account, place, prefix):
    """One that differs in most, one missing in staging, one extra in dev, one in staging, two that are one in prod."""
    trust = '{"Version": "2012-10-17", "Statement": []}'
    roles = account.client("iam")
    role = roles.create_role(RoleName=f"{prefix}execution", AssumeRolePolicyDocument=trust)["Role"]["Arn"]
    client = account.client("lambda")
    plain = {"Runtime": "python3.12", "Role": role, "Handler": "main.handler", "MemorySize": 256, "Timeout": 15}

    def make(name, source="def handler(event, context): pass\n", **other):
        settings = plain | {"FunctionName": name, "Code": {"ZipFile": code(source)}, "Tags": tags(place)}
        client.create_function(**(settings | other))

    variables = ["TABLE", "ENDPOINT"] + by(place, ["RETRIES"], [], ["RETRIES"])
    make(
        f"{prefix}processing",
        by(place, "answer = 1\n", "answer = 1\n", "answer = 2\n"),
        MemorySize=by(place, 512, 1024, 1536),
        Timeout=by(place, 30, 30, 60),
        Architectures=by(place, ["x86_64"], ["x86_64"], ["arm64"]),
        Environment={"Variables": {name: f"{HIDDEN}-{place.name}" for name in variables}},
        Tags=tags(place, Team=by(place, "payments", None, "payments")),
    )
    version = client.publish_version(FunctionName=f"{prefix}processing")["Version"]
    client.create_alias(FunctionName=f"{prefix}processing", Name="current", FunctionVersion=version)
    make(f"payments-orders-{place.name}", Runtime=by(place, "python3.12", "python3.11", "python3.10"))
    if place.name == "prod":
        client.put_function_concurrency(FunctionName=f"payments-orders-{place.name}", ReservedConcurrentExecutions=50)
    if place.name != "staging":
        make(f"{prefix}refunds")
    if place.name == "dev":
        make(f"{prefix}playground")
    if place.name == "staging":
        make(f"{prefix}experiment")
    make(f"{prefix}twin")
    if place.name == "prod":
        make("payments-twin-prod")


def tables(account, place, prefix, key):
    """One with two indexes, one of which dev lacks; one on demand in dev."""
    client = account.client("dynamodb")
    schema = [{"AttributeName": "id", "KeyType": "HASH"}]
    attributes = [{"AttributeName": "id", "AttributeType": "S"}]
    units = {"ReadCapacityUnits": by(place, 5, 25, 100), "WriteCapacityUnits": by(place, 5, 25, 90)}
    index = {"KeySchema": schema, "Projection": {"ProjectionType": "ALL"}, "ProvisionedThroughput": units}
    name = f"{prefix}transactions"
    client.create_table(
        TableName=name,
        KeySchema=schema,
        AttributeDefinitions=attributes,
        ProvisionedThroughput=units,
        GlobalSecondaryIndexes=[
            index | {"IndexName": f"by-{what}"}
            for what in by(place, ["user"], ["user", "merchant"], ["user", "merchant"])
        ],
        SSESpecification={"Enabled": True, "SSEType": "KMS", "KMSMasterKeyId": key},
        DeletionProtectionEnabled=by(place, False, False, True),
        Tags=pairs(tags(place, Environment=by(place, "dev", "staging", "staging"))),
    )
    if place.name != "dev":
        recovery = {"PointInTimeRecoveryEnabled": True}
        client.update_continuous_backups(TableName=name, PointInTimeRecoverySpecification=recovery)
    expiry = {"Enabled": True, "AttributeName": by(place, "expires", "ends", "expires")}
    client.update_time_to_live(TableName=name, TimeToLiveSpecification=expiry)
    on_demand = {"BillingMode": "PAY_PER_REQUEST"}
    provisioned = {"ProvisionedThroughput": {"ReadCapacityUnits": 10, "WriteCapacityUnits": 10}}
    billing = by(place, on_demand, provisioned, provisioned)
    own = {"KeySchema": schema, "AttributeDefinitions": attributes, "Tags": pairs(tags(place))}
    client.create_table(TableName=f"{prefix}audit", **own, **billing)


def rest_apis(account, place, prefix):
    """Two APIs: one with stages, throttles and a route that staging lacks; one with a name of many alphabets."""
    client = account.client("apigateway")
    api = client.create_rest_api(name=f"{prefix}api", tags=tags(place))["id"]
    root = client.get_resources(restApiId=api)["items"][0]["id"]
    for path, method in (("process", "POST"), ("status", "GET")):
        if (place.name, path) == ("staging", "status"):
            continue
        resource = client.create_resource(restApiId=api, parentId=root, pathPart=path)["id"]
        authorization = by(place, "NONE", "AWS_IAM", "AWS_IAM") if path == "process" else "NONE"
        client.put_method(restApiId=api, resourceId=resource, httpMethod=method, authorizationType=authorization)
        client.put_integration(restApiId=api, resourceId=resource, httpMethod=method, type="MOCK")
    client.create_deployment(restApiId=api, stageName="live")
    settings = {
        "/*/*/throttling/rateLimit": by(place, 100, 200, 2000),
        "/*/*/throttling/burstLimit": by(place, 50, 250, 1000),
        "/*/*/logging/loglevel": by(place, "ERROR", "ERROR", "INFO"),
        "/~1process/POST/throttling/rateLimit": by(place, 10, 10, 20),
    }
    patch = [{"op": "replace", "path": path, "value": str(value)} for path, value in settings.items()]
    client.update_stage(restApiId=api, stageName="live", patchOperations=patch)
    compressed = {"minimumCompressionSize": by(place, 100, 100, 200)}
    client.create_rest_api(name=f"{prefix}{UNICODE_API}", tags=tags(place), **compressed)


def http_apis(account, place, prefix):
    """An API whose stage throttles, and whose second route prod lacks."""
    client = account.client("apigatewayv2")
    origins = by(place, ["*"], ["https://payments.example"], ["https://payments.example"])
    cors = {"AllowOrigins": origins}
    api = client.create_api(Name=f"{prefix}web", ProtocolType="HTTP", CorsConfiguration=cors, Tags=tags(place))["ApiId"]
    for route in by(place, ["GET /a", "GET /b"], ["GET /a", "GET /b"], ["GET /a"]):
        client.create_route(ApiId=api, RouteKey=route)
    throttles = {"ThrottlingRateLimit": by(place, 10.5, 10.5, 500), "ThrottlingBurstLimit": 5}
    stage = {"StageName": "$default", "AutoDeploy": True, "Tags": tags(place)}
    client.create_stage(ApiId=api, DefaultRouteSettings=throttles, **stage)


def buckets(account, place, prefix):
    """A bucket that differs in all that is read of it."""
    client = account.client("s3")
    name = f"{prefix}receipts"
    client.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": place.region})
    client.put_bucket_versioning(
        Bucket=name, VersioningConfiguration={"Status": by(place, "Suspended", "Enabled", "Enabled")}
    )
    algorithm = by(place, "AES256", "AES256", "aws:kms")
    default = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": algorithm}}
    client.put_bucket_encryption(Bucket=name, ServerSideEncryptionConfiguration={"Rules": [default]})
    days = {"Days": by(place, 30, 90, 365)}
    rule = {"ID": "expiry", "Status": "Enabled", "Filter": {"Prefix": ""}, "Expiration": days}
    client.put_bucket_lifecycle_configuration(Bucket=name, LifecycleConfiguration={"Rules": [rule]})
    if place.name != "dev":
        names = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")
        blocks = {block: block != by(place, "", "IgnorePublicAcls", "") for block in names}
        client.put_public_access_block(Bucket=name, PublicAccessBlockConfiguration=blocks)
    client.put_bucket_tagging(Bucket=name, Tagging={"TagSet": pairs(tags(place))})
    # Of another region: not part of the environment.
    elsewhere = {"LocationConstraint": "sa-east-1"}
    there = account.client("s3", region_name="sa-east-1")
    there.create_bucket(Bucket=f"{prefix}elsewhere", CreateBucketConfiguration=elsewhere)


def logs(account, place, prefix):
    """The group of a function, one of which events stay for ever in prod, and several pages of others."""
    client = account.client("logs")
    for name, days in (
        (f"/aws/lambda/{prefix}processing", by(place, 30, 30, 365)),
        (f"payments/{place.name}/{UNICODE_GROUP}", by(place, 7, 14, None)),
        *((f"/ecs/{prefix}task-{number:03}", None) for number in range(MORE_GROUPS)),
        (f"/ecs/{prefix}zoo", by(place, 14, 14, 7)),
    ):
        client.create_log_group(logGroupName=name, tags=tags(place))
        if days:
            client.put_retention_policy(logGroupName=name, retentionInDays=days)


def services(account, place, prefix):
    """A service of which most differs, and one that is scaled in staging and prod."""
    client = account.client("ecs")
    insights = [{"name": "containerInsights", "value": by(place, "disabled", "enabled", "enabled")}]
    cluster = f"{prefix}main"
    client.create_cluster(clusterName=cluster, settings=insights, tags=pairs(tags(place), "key", "value"))
    registry = f"{place.account}.dkr.ecr.{place.region}.amazonaws.com"
    for name in ("web", "worker"):
        container = {
            "name": "app",
            "image": f"{registry}/{name}:{by(place, '1.5.0', '1.4.0', '1.4.0')}",
            "memory": 256,
            "environment": [{"name": n, "value": HIDDEN} for n in by(place, ["A", "B"], ["A", "B"], ["A", "B", "C"])],
            "secrets": [{"name": "PASSWORD", "valueFrom": f"arn:aws:ssm:{place.region}:{place.account}:parameter/p"}],
        }
        client.register_task_definition(
            family=f"{prefix}{name}",
            containerDefinitions=[container],
            cpu=by(place, "256", "256", "512"),
            memory=by(place, "512", "1024", "2048"),
        )
        client.create_service(
            cluster=cluster,
            serviceName=f"{prefix}{name}",
            taskDefinition=f"{prefix}{name}",
            desiredCount=by(place, 2, 2, 4),
            tags=pairs(tags(place), "key", "value"),
        )
    if place.name != "dev":
        scaled = {"ServiceNamespace": "ecs", "ScalableDimension": "ecs:service:DesiredCount"}
        account.client("application-autoscaling").register_scalable_target(
            ResourceId=f"service/{cluster}/{prefix}worker", MinCapacity=2, MaxCapacity=by(place, 0, 4, 12), **scaled
        )


def node_groups(account, place, prefix):
    """A cluster of EKS with a version and a node group that differ."""
    client = account.client("eks")
    role = f"arn:aws:iam::{place.account}:role/{prefix}eks"
    cluster = f"{prefix}nodes"
    client.create_cluster(
        name=cluster, roleArn=role, resourcesVpcConfig={}, version=by(place, "1.33", "1.32", "1.32"), tags=tags(place)
    )
    client.create_nodegroup(
        clusterName=cluster,
        nodegroupName=f"{prefix}general",
        scalingConfig={"minSize": 1, "desiredSize": 2, "maxSize": by(place, 4, 4, 20)},
        instanceTypes=by(place, ["t3.large"], ["t3.large"], ["m5.large", "m5.xlarge"]),
        subnets=["subnet-1"],
        nodeRole=role,
        tags=tags(place),
    )


def databases(account, place, prefix):
    """An instance of which class, storage, zones and backups differ; a cluster."""
    client = account.client("rds")
    own = {"MasterUsername": "compat", "MasterUserPassword": "compat-compat", "Tags": pairs(tags(place))}
    client.create_db_instance(
        DBInstanceIdentifier=f"{prefix}ledger",
        DBInstanceClass=by(place, "db.t4g.micro", "db.t4g.micro", "db.r5.large"),
        Engine="postgres",
        AllocatedStorage=by(place, 20, 50, 100),
        MultiAZ=by(place, False, True, True),
        BackupRetentionPeriod=by(place, 1, 7, 7),
        DeletionProtection=by(place, False, False, True),
        **own,
    )
    client.create_db_cluster(
        DBClusterIdentifier=f"{prefix}reports",
        Engine="aurora-mysql",
        BackupRetentionPeriod=by(place, 1, 1, 30),
        ServerlessV2ScalingConfiguration={"MinCapacity": 0.5, "MaxCapacity": by(place, 2, 4, 8)},
        **own,
    )


def caches(account, place, prefix):
    """A cluster that stands alone and a group."""
    client = account.client("elasticache")
    client.create_cache_cluster(
        CacheClusterId=f"{prefix}cart",
        Engine="redis",
        CacheNodeType=by(place, "cache.t3.micro", "cache.t3.small", "cache.t3.small"),
        NumCacheNodes=1,
        Tags=pairs(tags(place)),
    )
    client.create_replication_group(
        ReplicationGroupId=f"{prefix}sessions",
        ReplicationGroupDescription="sessions",
        Engine="redis",
        CacheNodeType="cache.r5.large",
        NumCacheClusters=by(place, 2, 2, 3),
        AutomaticFailoverEnabled=by(place, False, True, True),
        SnapshotRetentionLimit=by(place, 0, 5, 5),
        Tags=pairs(tags(place)),
    )


def brokers(account, place, prefix):
    """A cluster of MSK that differs: what the server answers for it cannot be read, and must never look the same."""
    account.client("kafka").create_cluster(
        ClusterName=f"{prefix}events",
        KafkaVersion="3.6.0",
        NumberOfBrokerNodes=by(place, 2, 2, 6),
        BrokerNodeGroupInfo={
            "ClientSubnets": ["subnet-1"],
            "InstanceType": by(place, "kafka.t3.small", "kafka.m5.large", "kafka.m5.large"),
            "StorageInfo": {"EbsStorageInfo": {"VolumeSize": by(place, 100, 200, 400)}},
        },
        Tags=tags(place),
    )


def balancers(account, place, prefix):
    """A balancer with a listener that prod lacks, a rule, and a target group whose health check differs."""
    ec2, client = account.client("ec2"), account.client("elbv2")
    network = ec2.describe_vpcs()["Vpcs"][0]["VpcId"]
    subnets = [subnet["SubnetId"] for subnet in ec2.describe_subnets()["Subnets"]][:2]
    own = {"Tags": pairs(tags(place))}
    made = client.create_load_balancer(Name=f"{prefix}front", Subnets=subnets, **own)["LoadBalancers"][0]
    group = client.create_target_group(
        Name=f"{prefix}front-web",
        Protocol="HTTP",
        Port=8080,
        VpcId=network,
        TargetType="ip",
        HealthCheckPath=by(place, "/health", "/healthz", "/health"),
        HealthCheckIntervalSeconds=by(place, 30, 30, 10),
        **own,
    )["TargetGroups"][0]["TargetGroupArn"]
    forward = [{"Type": "forward", "TargetGroupArn": group}]
    for port in by(place, [80, 8080], [80, 8080], [80]):
        listener = client.create_listener(
            LoadBalancerArn=made["LoadBalancerArn"], Protocol="HTTP", Port=port, DefaultActions=forward
        )["Listeners"][0]["ListenerArn"]
        if port == 80:
            condition = [{"Field": "path-pattern", "Values": ["/api/*"]}]
            priority = by(place, 10, 10, 20)
            client.create_rule(ListenerArn=listener, Conditions=condition, Priority=priority, Actions=forward)


def alarms(account, place, prefix):
    """An alarm that differs: what a server does not answer must never look the same."""
    account.client("cloudwatch").put_metric_alarm(
        AlarmName=f"{prefix}errors",
        Namespace="AWS/Lambda",
        MetricName="Errors",
        Statistic="Sum",
        Period=60,
        EvaluationPeriods=1,
        Threshold=by(place, 1, 2, 5),
        ComparisonOperator="GreaterThanThreshold",
    )


def change(endpoint):
    """What somebody does in staging after the baseline; the other environments stay as they are."""
    place = PLACES[1]
    account, prefix = Account(endpoint, place), f"payments-{place.name}-"
    functions = account.client("lambda")
    functions.update_function_configuration(FunctionName=f"{prefix}processing", MemorySize=2048)
    functions.delete_function(FunctionName=f"{prefix}twin")
    account.client("logs").create_log_group(logGroupName=f"/aws/lambda/{prefix}new", tags=tags(place))
    account.client("s3").put_bucket_tagging(
        Bucket=f"{prefix}receipts", Tagging={"TagSet": pairs(tags(place, Team=None, CostCenter="CC-2"))}
    )
    account.client("dynamodb").update_continuous_backups(
        TableName=f"{prefix}transactions", PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": False}
    )
