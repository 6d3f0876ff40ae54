"""What boto3 lists of a place in the moto server."""

from moto_estate import Account, Truth


def truth(endpoint, place):
    """Asks for everything, page by page."""
    account = Account(endpoint, place)
    found = Truth()
    for function in pages(account.client("lambda"), "list_functions", "Functions"):
        found.functions[function["FunctionName"]] = function["MemorySize"]
    tables(account.client("dynamodb"), found)
    rest = account.client("apigateway")
    for api in pages(rest, "get_rest_apis", "items"):
        found.rest_stages += [(api["name"], s["stageName"]) for s in rest.get_stages(restApiId=api["id"])["item"]]
    http = account.client("apigatewayv2")
    for api in pages(http, "get_apis", "Items"):
        found.http_stages += [(api["Name"], s["StageName"]) for s in http.get_stages(ApiId=api["ApiId"])["Items"]]
    services(account.client("ecs"), found)
    node_groups(account.client("eks"), found)
    return found


def pages(client, operation, key, **arguments):
    """All items of a list."""
    for page in client.get_paginator(operation).paginate(**arguments):
        yield from page[key]


def tables(client, found):
    """Tables and their indexes with their units."""
    for name in pages(client, "list_tables", "TableNames"):
        table = client.describe_table(TableName=name)["Table"]
        on_demand = table.get("BillingModeSummary", {}).get("BillingMode") == "PAY_PER_REQUEST"
        found.tables[name] = "on demand" if on_demand else units(table)
        for index in table.get("GlobalSecondaryIndexes", []):
            found.tables[f"{name}/{index['IndexName']}"] = units(index)


def units(of):
    """Read and write units."""
    provisioned = of["ProvisionedThroughput"]
    return provisioned["ReadCapacityUnits"], provisioned["WriteCapacityUnits"]


def services(client, found):
    """ECS services with their task counts."""
    for cluster in pages(client, "list_clusters", "clusterArns"):
        arns = list(pages(client, "list_services", "serviceArns", cluster=cluster))
        for start in range(0, len(arns), 10):
            for service in client.describe_services(cluster=cluster, services=arns[start : start + 10])["services"]:
                counts = (service["runningCount"], service["desiredCount"], service["pendingCount"])
                found.services[service["serviceName"]] = counts


def node_groups(client, found):
    """EKS node groups with their sizes."""
    for cluster in pages(client, "list_clusters", "clusters"):
        for name in pages(client, "list_nodegroups", "nodegroups", clusterName=cluster):
            scaling = client.describe_nodegroup(clusterName=cluster, nodegroupName=name)["nodegroup"]["scalingConfig"]
            found.node_groups[cluster, name] = (scaling["minSize"], scaling["desiredSize"], scaling["maxSize"])
