//! The paths of the REST services, as in their Smithy models.

use serde_json::{Map, Value};

use super::{Service, query};

/// Path and operation of a GET.
type Route = (&'static str, &'static str);
/// Method, path and operation of a change.
type Change = (&'static str, &'static str, &'static str);

const LAMBDA: &[Route] = &[
    ("/2015-03-31/functions", "ListFunctions"),
    ("/2015-03-31/functions/{FunctionName}", "GetFunction"),
    ("/2015-03-31/functions/{FunctionName}/configuration", "GetFunctionConfiguration"),
    ("/2019-09-30/functions/{FunctionName}/concurrency", "GetFunctionConcurrency"),
    ("/2015-03-31/functions/{FunctionName}/aliases", "ListAliases"),
    ("/2015-03-31/functions/{FunctionName}/aliases/{Name}", "GetAlias"),
    ("/2015-03-31/functions/{FunctionName}/versions", "ListVersionsByFunction"),
    ("/2017-03-31/tags/{Resource}", "ListTags"),
    ("/2016-08-19/account-settings", "GetAccountSettings"),
];

const APIGATEWAY: &[Route] = &[
    ("/account", "GetAccount"),
    ("/restapis", "GetRestApis"),
    ("/restapis/{restApiId}", "GetRestApi"),
    ("/restapis/{restApiId}/resources", "GetResources"),
    ("/restapis/{restApiId}/stages", "GetStages"),
    ("/restapis/{restApiId}/stages/{stageName}", "GetStage"),
    ("/restapis/{restApiId}/deployments", "GetDeployments"),
    ("/restapis/{restApiId}/deployments/{deploymentId}", "GetDeployment"),
    ("/tags/{resourceArn}", "GetTags"),
];

const APIGATEWAYV2: &[Route] = &[
    ("/v2/apis", "GetApis"),
    ("/v2/apis/{apiId}", "GetApi"),
    ("/v2/apis/{apiId}/stages", "GetStages"),
    ("/v2/apis/{apiId}/stages/{stageName}", "GetStage"),
];

const EKS: &[Route] = &[
    ("/clusters", "ListClusters"),
    ("/clusters/{name}", "DescribeCluster"),
    ("/clusters/{name}/node-groups", "ListNodegroups"),
    ("/clusters/{name}/node-groups/{nodegroupName}", "DescribeNodegroup"),
    ("/clusters/{name}/addons", "ListAddons"),
    ("/clusters/{name}/addons/{addonName}", "DescribeAddon"),
    ("/clusters/{name}/updates", "ListUpdates"),
    ("/clusters/{name}/updates/{updateId}", "DescribeUpdate"),
    ("/tags/{resourceArn}", "ListTagsForResource"),
];

const KAFKA: &[Route] = &[
    ("/v1/clusters", "ListClusters"),
    ("/v1/clusters/{clusterArn}", "DescribeCluster"),
    ("/v1/clusters/{clusterArn}/nodes", "ListNodes"),
    ("/v1/clusters/{clusterArn}/operations", "ListClusterOperations"),
    ("/v1/tags/{resourceArn}", "ListTagsForResource"),
    ("/api/v2/clusters", "ListClustersV2"),
    ("/api/v2/clusters/{clusterArn}", "DescribeClusterV2"),
    ("/api/v2/clusters/{clusterArn}/operations", "ListClusterOperationsV2"),
];

const LAMBDA_CHANGES: &[Change] = &[
    ("PUT", "/2015-03-31/functions/{FunctionName}/aliases/{Name}", "UpdateAlias"),
    ("PUT", "/2017-10-31/functions/{FunctionName}/concurrency", "PutFunctionConcurrency"),
    ("DELETE", "/2017-10-31/functions/{FunctionName}/concurrency", "DeleteFunctionConcurrency"),
];

const APIGATEWAY_CHANGES: &[Change] = &[("PATCH", "/restapis/{restApiId}/stages/{stageName}", "UpdateStage")];

const APIGATEWAYV2_CHANGES: &[Change] = &[("PATCH", "/v2/apis/{apiId}/stages/{stageName}", "UpdateStage")];

const EKS_CHANGES: &[Change] =
    &[("POST", "/clusters/{name}/node-groups/{nodegroupName}/update-config", "UpdateNodegroupConfig")];

/// Labels at the end of a path that are ARNs: they may hold slashes that a client left as they are.
const ARNS: &[&str] = &["Resource", "resourceArn"];

/// The operation of a method and path, and the values of the path's labels.
pub fn route(service: Service, method: &str, path: &str) -> Option<(&'static str, Map<String, Value>)> {
    let (routes, changes): (&[Route], &[Change]) = match service {
        Service::Lambda => (LAMBDA, LAMBDA_CHANGES),
        Service::ApiGateway => (APIGATEWAY, APIGATEWAY_CHANGES),
        Service::ApiGatewayV2 => (APIGATEWAYV2, APIGATEWAYV2_CHANGES),
        Service::Eks => (EKS, EKS_CHANGES),
        Service::Kafka => (KAFKA, &[]),
        _ => return None,
    };
    let path: Vec<&str> = path.trim_end_matches('/').split('/').collect();
    if method == "GET" {
        return routes.iter().find_map(|(pattern, operation)| Some((*operation, labels(pattern, &path)?)));
    }
    let mut ours = changes.iter().filter(|(of, _, _)| *of == method);
    ours.find_map(|(_, pattern, operation)| Some((*operation, labels(pattern, &path)?)))
}

fn labels(pattern: &str, path: &[&str]) -> Option<Map<String, Value>> {
    let parts: Vec<&str> = pattern.split('/').collect();
    if parts.len() > path.len() {
        return None;
    }
    let mut labels = Map::new();
    for (at, part) in parts.iter().enumerate() {
        match part.strip_prefix('{').and_then(|part| part.strip_suffix('}')) {
            Some(label) if ARNS.contains(&label) => {
                labels.insert(label.to_owned(), Value::String(query::decode(&path[at..].join("/"), false)));
                return Some(labels);
            }
            Some(label) => {
                labels.insert(label.to_owned(), Value::String(query::decode(path[at], false)));
            }
            None if *part == path[at] => {}
            None => return None,
        }
    }
    (parts.len() == path.len()).then_some(labels)
}

/// Body, URL parameters and path labels together; a repeated URL parameter is a list.
pub fn input(body: Value, labels: Map<String, Value>, url_query: &str) -> Value {
    let mut input = match body {
        Value::Object(members) => members,
        _ => Map::new(),
    };
    for (name, value) in query::pairs(url_query) {
        let value = Value::String(value);
        match input.get_mut(&name) {
            Some(Value::Array(values)) => values.push(value),
            Some(first) => *first = Value::Array(vec![first.take(), value]),
            None => {
                input.insert(name, value);
            }
        }
    }
    input.extend(labels);
    Value::Object(input)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn paths_find_their_operations() {
        let find =
            |service, path: &str| route(service, "GET", path).map(|(operation, labels)| (operation, json!(labels)));
        assert_eq!(find(Service::Lambda, "/2015-03-31/functions/"), Some(("ListFunctions", json!({}))));
        assert_eq!(
            find(Service::Lambda, "/2015-03-31/functions/arn%3Aaws%3Alambda/aliases/live"),
            Some(("GetAlias", json!({"FunctionName": "arn:aws:lambda", "Name": "live"})))
        );
        for path in ["/2017-03-31/tags/arn%3Aa%3Afunction%2Fx", "/2017-03-31/tags/arn:a:function/x"] {
            assert_eq!(find(Service::Lambda, path), Some(("ListTags", json!({"Resource": "arn:a:function/x"}))));
        }
        assert_eq!(
            find(Service::Kafka, "/v1/clusters/arn%3Aaws%3Akafka%3Ar%3A1%3Acluster%2Fn%2Fid/nodes"),
            Some(("ListNodes", json!({"clusterArn": "arn:aws:kafka:r:1:cluster/n/id"})))
        );
        assert_eq!(find(Service::Eks, "/clusters/c/other"), None);
        assert_eq!(route(Service::Eks, "DELETE", "/clusters/c"), None);
        let alias = "/2015-03-31/functions/f/aliases/live";
        let operation = |method| route(Service::Lambda, method, alias).map(|(operation, _)| operation);
        assert_eq!(
            [operation("GET"), operation("PUT"), operation("DELETE")],
            [Some("GetAlias"), Some("UpdateAlias"), None]
        );
    }

    #[test]
    fn parameters_come_together() {
        let labels = route(Service::Eks, "GET", "/clusters/c%20%C3%A9").unwrap().1;
        assert_eq!(
            input(json!({"a": 1}), labels, "x=1&x=2&y=%2F"),
            json!({"a": 1, "x": ["1", "2"], "y": "/", "name": "c é"})
        );
    }
}
