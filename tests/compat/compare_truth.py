"""What boto3's Describe answers say of a place, as rows of the matrix: written apart from what watchfloor does."""

import re
from dataclasses import dataclass, field

from botocore.exceptions import ClientError
from moto_estate import Account
from moto_truth import pages


@dataclass
class Named:
    """A value that names other resources: account, region and environment in it do not count."""

    said: object
    counts: object


@dataclass
class Resource:
    """One resource of one place. `tags` is None for the part of something."""

    name: str
    settings: dict
    tags: dict | None = field(default=None)


class Place:
    """Reads one place."""

    def __init__(self, endpoint, place):
        self.place = place
        self._account = Account(endpoint, place)
        self.client = self._account.client
        self.rows = {}
        tagging = self.client("resourcegroupstaggingapi")
        tagged = pages(tagging, "get_resources", "ResourceTagMappingList")
        self._tags = {one["ResourceARN"].removesuffix(":*"): words(one["Tags"]) for one in tagged}
        self.keys = {}
        for alias in pages(self.client("kms"), "list_aliases", "Aliases"):
            self.keys.setdefault(alias.get("TargetKeyId"), alias["AliasName"])

    def add(self, kind, name, settings, tags=None, arn=None):
        """One resource in the row of its logical name."""
        if arn:
            tags = self._tags.get(arn.removesuffix(":*"), {})
        self.rows.setdefault((kind, self.logical(name)), []).append(Resource(name, settings, tags))

    def logical(self, name):
        """The name without what all names here begin with, or end with."""
        env = self.place.name
        name = name.removeprefix("/").replace(f"payments-{env}-", "").replace(f"payments/{env}/", "")
        around = re.fullmatch(rf"payments-(.+)-{env}", name)
        return around[1] if around else name

    def named(self, value):
        """A name, an ARN, or several."""
        if isinstance(value, list):
            return Named(sorted(value), sorted(self.named(one).counts for one in value))
        if value is None:
            return Named(None, None)
        counts = value
        for key, alias in self.keys.items():
            counts = counts.replace(str(key), alias) if key else counts
        for own in (self.place.account, self.place.region, f"payments-{self.place.name}"):
            counts = counts.replace(own, "·")
        return Named(value, re.sub(r"/[0-9a-f]{16,17}\b", "", counts))


def words(tags):
    """Tags by key."""
    return {tag.get("Key", tag.get("key")): tag.get("Value", tag.get("value")) for tag in tags}


def none_if(code, ask):
    """An answer, or None where the service says that there is none."""
    try:
        return ask()
    except ClientError as error:
        if error.response["Error"]["Code"] == code:
            return None
        raise


def truth(endpoint, place):
    """All rows of a place: kind and logical name → resources."""
    here = Place(endpoint, place)
    for read in (functions, tables, rest_apis, http_apis, buckets, logs, keys, services, node_groups):
        read(here)
    for read in (databases, caches, balancers):
        read(here)
    return here.rows


def functions(here):
    """Functions, and the code behind their aliases."""
    client = here.client("lambda")
    for one in pages(client, "list_functions", "Functions"):
        name = one["FunctionName"]
        aliases = list(pages(client, "list_aliases", "Aliases", FunctionName=name))
        settings = {
            "memory_mb": one["MemorySize"],
            "timeout_s": one["Timeout"],
            "runtime": one["Runtime"],
            "handler": one["Handler"],
            "architecture": one["Architectures"],
            "variable_names": sorted(one.get("Environment", {}).get("Variables", {})),
            "reserved_concurrency": client.get_function_concurrency(FunctionName=name).get(
                "ReservedConcurrentExecutions"
            ),
            "role": here.named(one["Role"]),
        }
        if not aliases:
            settings["code_sha256"] = one["CodeSha256"]
        here.add("lambda function", name, settings, arn=one["FunctionArn"])
        for alias in aliases:
            version = client.get_function_configuration(FunctionName=name, Qualifier=alias["FunctionVersion"])
            here.add("lambda alias", f"{name}/{alias['Name']}", {"code_sha256": version["CodeSha256"]})


def tables(here):
    """Tables and their indexes."""
    client = here.client("dynamodb")
    for name in pages(client, "list_tables", "TableNames"):
        one = client.describe_table(TableName=name)["Table"]
        on_demand = one.get("BillingModeSummary", {}).get("BillingMode") == "PAY_PER_REQUEST"
        backups = client.describe_continuous_backups(TableName=name)["ContinuousBackupsDescription"]
        recovery = backups["PointInTimeRecoveryDescription"]
        expiry = client.describe_time_to_live(TableName=name)["TimeToLiveDescription"]
        encryption = one.get("SSEDescription", {})
        settings = {
            "billing": "on demand" if on_demand else "provisioned",
            "point_in_time_recovery": recovery["PointInTimeRecoveryStatus"] == "ENABLED",
            "time_to_live": expiry.get("AttributeName") if expiry["TimeToLiveStatus"] == "ENABLED" else None,
            "encryption": encryption.get("SSEType", "owned by dynamodb"),
            "kms_key": here.named(encryption.get("KMSMasterKeyArn")),
            "deletion_protection": one["DeletionProtectionEnabled"],
        }
        here.add("dynamodb table", name, settings | units(one, on_demand), arn=one["TableArn"])
        for index in one.get("GlobalSecondaryIndexes", []):
            parts = {"type": "global", "projection": index["Projection"]["ProjectionType"]} | units(index, on_demand)
            here.add("dynamodb index", f"{name}/{index['IndexName']}", parts)


def units(of, on_demand):
    """Capacity; on demand there is none."""
    provisioned = {} if on_demand else of["ProvisionedThroughput"]
    return {
        "read_units": provisioned.get("ReadCapacityUnits"),
        "write_units": provisioned.get("WriteCapacityUnits"),
    }


def rest_apis(here):
    """REST APIs, their routes and stages."""
    client = here.client("apigateway")
    for one in pages(client, "get_rest_apis", "items"):
        name = one["name"]
        settings = {
            "endpoint_types": sorted(one["endpointConfiguration"]["types"]),
            "smallest_compressed_bytes": one.get("minimumCompressionSize"),
        }
        here.add("rest api", name, settings, one.get("tags", {}))
        for resource in pages(client, "get_resources", "items", restApiId=one["id"], embed=["methods"]):
            for method in resource.get("resourceMethods", {}):
                known = client.get_method(restApiId=one["id"], resourceId=resource["id"], httpMethod=method)
                here.add(
                    "rest api route",
                    f"{name} {method} {resource['path']}",
                    {"authorization": known["authorizationType"], "integration": known["methodIntegration"]["type"]},
                )
        for stage in client.get_stages(restApiId=one["id"])["item"]:
            methods = stage.get("methodSettings", {})
            settings = {"logging_level": methods.get("*/*", {}).get("loggingLevel", "OFF")}
            for path, method in methods.items():
                prefix = "" if path == "*/*" else path.replace("~1", "/") + "."
                settings[f"{prefix}throttle_rate"] = method.get("throttlingRateLimit")
                settings[f"{prefix}throttle_burst"] = method.get("throttlingBurstLimit")
            here.add("rest api stage", f"{name}/{stage['stageName']}", settings, stage.get("tags", {}))


def http_apis(here):
    """HTTP APIs, their routes and stages."""
    client = here.client("apigatewayv2")
    for one in pages(client, "get_apis", "Items"):
        name, api = one["Name"], one["ApiId"]
        origins = sorted(one.get("CorsConfiguration", {}).get("AllowOrigins", []))
        here.add("http api", name, {"protocol": one["ProtocolType"], "cors_origins": origins}, one.get("Tags", {}))
        for route in client.get_routes(ApiId=api)["Items"]:
            here.add("http api route", f"{name} {route['RouteKey']}", {"authorization": route.get("AuthorizationType")})
        for stage in client.get_stages(ApiId=api)["Items"]:
            limits = stage.get("DefaultRouteSettings", {})
            settings = {
                "throttle_rate": limits.get("ThrottlingRateLimit"),
                "throttle_burst": limits.get("ThrottlingBurstLimit"),
                "auto_deploy": stage.get("AutoDeploy", False),
            }
            here.add("http api stage", f"{name}/{stage['StageName']}", settings, stage.get("Tags", {}))


def buckets(here):
    """Buckets of the region."""
    client = here.client("s3")
    for bucket in client.list_buckets()["Buckets"]:
        name = bucket["Name"]
        region = client.get_bucket_location(Bucket=name)["LocationConstraint"] or "us-east-1"
        if region != here.place.region:
            continue
        none = "NoSuchLifecycleConfiguration"
        lifecycle = none_if(none, lambda n=name: client.get_bucket_lifecycle_configuration(Bucket=n)) or {}
        none = "NoSuchPublicAccessBlockConfiguration"
        access = none_if(none, lambda n=name: client.get_public_access_block(Bucket=n)) or {}
        blocks = access.get("PublicAccessBlockConfiguration", {})
        encryption = client.get_bucket_encryption(Bucket=name)["ServerSideEncryptionConfiguration"]["Rules"][0]
        days = [rule["Expiration"]["Days"] for rule in lifecycle.get("Rules", []) if rule["Status"] == "Enabled"]
        settings = {
            "expire_days": min(days, default=None),
            "encryption": encryption["ApplyServerSideEncryptionByDefault"]["SSEAlgorithm"],
            "versioning": client.get_bucket_versioning(Bucket=name).get("Status", "never"),
            "block_public_acls": blocks.get("BlockPublicAcls", False),
            "ignore_public_acls": blocks.get("IgnorePublicAcls", False),
            "block_public_policy": blocks.get("BlockPublicPolicy", False),
            "restrict_public_buckets": blocks.get("RestrictPublicBuckets", False),
        }
        tags = words(client.get_bucket_tagging(Bucket=name)["TagSet"])
        here.add("s3 bucket", name, settings, tags)


def logs(here):
    """Log groups."""
    client = here.client("logs")
    for one in pages(client, "describe_log_groups", "logGroups"):
        tags = client.list_tags_log_group(logGroupName=one["logGroupName"])["tags"]
        here.add("log group", one["logGroupName"], {"retention_days": one.get("retentionInDays")}, tags)


def keys(here):
    """The keys that are the account's own, by alias, or by id where they have none."""
    client = here.client("kms")
    aliases = [(one["AliasName"].removeprefix("alias/"), one.get("TargetKeyId")) for one in pages(client, "list_aliases", "Aliases")]
    named = {key for _, key in aliases}
    ids = [one["KeyId"] for one in pages(client, "list_keys", "Keys")]
    for name, key in aliases + [(key, key) for key in ids if key not in named]:
        if name.startswith("aws/"):
            continue
        about = client.describe_key(KeyId=key)["KeyMetadata"]
        rotation = client.get_key_rotation_status(KeyId=key)
        settings = {
            "state": about["KeyState"],
            "spec": about["KeySpec"],
            "rotation": rotation["KeyRotationEnabled"],
            "rotation_days": rotation.get("RotationPeriodInDays"),
        }
        tags = client.list_resource_tags(KeyId=key)["Tags"]
        here.add("kms key", name, settings, {tag["TagKey"]: tag["TagValue"] for tag in tags})


def services(here):
    """Clusters, services and containers of ECS."""
    client = here.client("ecs")
    scaling = here.client("application-autoscaling")
    targets = {one["ResourceId"]: one for one in pages(
        scaling, "describe_scalable_targets", "ScalableTargets", ServiceNamespace="ecs"
    )}
    arns = list(pages(client, "list_clusters", "clusterArns"))
    for cluster in client.describe_clusters(clusters=arns, include=["SETTINGS", "TAGS"])["clusters"]:
        insights = {one["name"]: one["value"] for one in cluster.get("settings", [])}
        settings = {"container_insights": insights.get("containerInsights", "disabled")}
        here.add("ecs cluster", cluster["clusterName"], settings, words(cluster.get("tags", [])))
        own = list(pages(client, "list_services", "serviceArns", cluster=cluster["clusterArn"]))
        found = client.describe_services(cluster=cluster["clusterArn"], services=own, include=["TAGS"])["services"]
        for service in found:
            name = f"{cluster['clusterName']}/{service['serviceName']}"
            target = targets.get(f"service/{name}")
            task = client.describe_task_definition(taskDefinition=service["taskDefinition"])["taskDefinition"]
            settings = {
                "tasks": None if target else service["desiredCount"],
                "min_tasks": target and target["MinCapacity"],
                "max_tasks": target and target["MaxCapacity"],
                "cpu_units": int(task["cpu"]),
                "memory_mb": int(task["memory"]),
            }
            here.add("ecs service", name, settings, words(service.get("tags", [])))
            for container in task["containerDefinitions"]:
                image, version = container["image"].rsplit(":", 1)
                settings = {
                    "image": here.named(image),
                    "image_version": version,
                    "memory_mb": container["memory"],
                    "variable_names": sorted(one["name"] for one in container["environment"]),
                    "secret_names": sorted(one["name"] for one in container["secrets"]),
                }
                here.add("ecs container", f"{name}/{container['name']}", settings)


def node_groups(here):
    """Clusters and node groups of EKS."""
    client = here.client("eks")
    for name in pages(client, "list_clusters", "clusters"):
        one = client.describe_cluster(name=name)["cluster"]
        here.add("eks cluster", name, {"version": one["version"]}, one.get("tags", {}))
        for group in pages(client, "list_nodegroups", "nodegroups", clusterName=name):
            known = client.describe_nodegroup(clusterName=name, nodegroupName=group)["nodegroup"]
            settings = {
                "instance_types": sorted(known["instanceTypes"]),
                "min_nodes": known["scalingConfig"]["minSize"],
                "max_nodes": known["scalingConfig"]["maxSize"],
            }
            here.add("eks node group", f"{name}/{group}", settings, known.get("tags", {}))


def databases(here):
    """Instances and clusters of RDS."""
    client = here.client("rds")
    for one in pages(client, "describe_db_instances", "DBInstances"):
        settings = {
            "class": one["DBInstanceClass"],
            "engine": one["Engine"],
            "engine_version": one["EngineVersion"],
            "multi_az": one["MultiAZ"],
            "storage_gb": one["AllocatedStorage"],
            "storage_encrypted": one["StorageEncrypted"],
            "backup_retention_days": one["BackupRetentionPeriod"],
            "deletion_protection": one["DeletionProtection"],
        }
        here.add("db instance", one["DBInstanceIdentifier"], settings, words(one["TagList"]))
    for one in pages(client, "describe_db_clusters", "DBClusters"):
        scaling = one.get("ServerlessV2ScalingConfiguration", {})
        settings = {
            "engine": one["Engine"],
            "engine_version": one["EngineVersion"],
            "min_acu": scaling.get("MinCapacity"),
            "max_acu": scaling.get("MaxCapacity"),
            "backup_retention_days": one["BackupRetentionPeriod"],
        }
        here.add("db cluster", one["DBClusterIdentifier"], settings, words(one["TagList"]))


def caches(here):
    """Cache clusters that stand alone, and replication groups."""
    client = here.client("elasticache")
    for one in pages(client, "describe_cache_clusters", "CacheClusters"):
        if "ReplicationGroupId" not in one:
            settings = {"engine": one["Engine"], "node_type": one["CacheNodeType"], "nodes": one["NumCacheNodes"]}
            here.add("cache cluster", one["CacheClusterId"], settings, arn=one["ARN"])
    for one in pages(client, "describe_replication_groups", "ReplicationGroups"):
        settings = {
            "node_type": one["CacheNodeType"],
            "nodes": len(one["MemberClusters"]),
            "automatic_failover": one["AutomaticFailover"],
            "snapshot_days": one["SnapshotRetentionLimit"],
        }
        here.add("replication group", one["ReplicationGroupId"], settings, arn=one["ARN"])


def balancers(here):
    """Load balancers, listeners, rules, target groups."""
    client = here.client("elbv2")
    groups = {}
    for one in pages(client, "describe_target_groups", "TargetGroups"):
        groups[one["TargetGroupArn"]] = one["TargetGroupName"]
        settings = {
            "protocol": one["Protocol"],
            "port": one["Port"],
            "health_check_path": one["HealthCheckPath"],
            "health_check_interval_s": one["HealthCheckIntervalSeconds"],
            "health_check_timeout_s": one["HealthCheckTimeoutSeconds"],
            "healthy_threshold": one["HealthyThresholdCount"],
        }
        here.add("target group", one["TargetGroupName"], settings, arn=one["TargetGroupArn"])

    def forward(actions):
        [action] = actions
        said = f"{action['Type']} {action['TargetGroupArn']}"
        return Named(said, f"{action['Type']} {here.logical(groups[action['TargetGroupArn']])}")

    for one in pages(client, "describe_load_balancers", "LoadBalancers"):
        name, arn = one["LoadBalancerName"], one["LoadBalancerArn"]
        settings = {"type": one["Type"], "scheme": one.get("Scheme"), "zones": len(one["AvailabilityZones"])}
        here.add("load balancer", name, settings, arn=arn)
        for listener in pages(client, "describe_listeners", "Listeners", LoadBalancerArn=arn):
            port = f"{name}/{listener['Port']}"
            settings = {"protocol": listener["Protocol"], "default_action": forward(listener["DefaultActions"])}
            here.add("listener", port, settings)
            for rule in client.describe_rules(ListenerArn=listener["ListenerArn"])["Rules"]:
                if not rule["IsDefault"]:
                    paths = " ".join(rule["Conditions"][0]["Values"])
                    settings = {"priority": int(rule["Priority"]), "action": forward(rule["Actions"])}
                    here.add("listener rule", f"{port} {paths}", settings)
