//! Builds functions, tables and REST APIs.

use std::collections::BTreeMap;

use super::Site;
use crate::drill::estate::data::{FunctionData, IndexData, RestApiData, TableData};
use crate::drill::world::apigateway::{ApiDeployment, RestApi, Route, Stage};
use crate::drill::world::dynamodb::{Index, Table, Throughput};
use crate::drill::world::lambda::{Alias, Function, FunctionVersion};
use crate::drill::world::{EnvironmentWorld, hash};

/// Older versions that a function keeps.
const OLDER_VERSIONS: u32 = 4;
/// Older deployments that a REST API keeps.
const OLDER_DEPLOYMENTS: u32 = 2;

pub(super) fn build(world: &mut EnvironmentWorld, site: &Site<'_>) {
    let resources = &site.data.resources;
    world.functions = resources.function.iter().map(|data| (data.name.clone(), function(data, site))).collect();
    world.tables = resources.table.iter().map(|data| (data.name.clone(), table(data, site))).collect();
    world.rest_apis =
        resources.rest_api.iter().map(|data| rest_api(data, site)).map(|api| (api.id.clone(), api)).collect();
}

fn function(data: &FunctionData, site: &Site<'_>) -> Function {
    let arn = site.arn("lambda", &format!("function:{}", data.name));
    let published = |number: u32| {
        let weeks = data.version.saturating_sub(number);
        site.days_ago(data.published_days_ago + weeks * 9)
    };
    let first = data.version.saturating_sub(OLDER_VERSIONS).max(1);
    let versions: Vec<_> = (first..=data.version)
        .map(|number| version(code(data, number), number, published(number), format!("release {number}")))
        .collect();
    let alias = Alias {
        name: data.alias.clone(),
        arn: format!("{arn}:{}", data.alias),
        description: "what clients use".to_owned(),
        version: data.version,
        additional: BTreeMap::new(),
        revision_id: hash::uuid(&(&arn, &data.alias, data.version)),
    };
    Function {
        name: data.name.clone(),
        description: data.description.clone(),
        runtime: data.runtime.clone(),
        handler: "index.handler".to_owned(),
        role: site.role(&format!("{}-execution", data.name)),
        architecture: "arm64".to_owned(),
        memory_mb: data.memory_mb,
        timeout_s: data.timeout_s,
        code_size: 1_400_000 + hash::of(&data.name) % 2_000_000,
        reserved_concurrency: data.reserved_concurrency,
        last_modified: published(data.version),
        revision_id: hash::uuid(&(&arn, data.version)),
        released: data.version,
        variables: data.variables.clone(),
        versions,
        aliases: BTreeMap::from([(alias.name.clone(), alias)]),
        tags: site.data.resources.tags.clone(),
        arn,
    }
}

/// What is in a version: the same code is the same in every environment, whatever its number.
fn code(data: &FunctionData, number: u32) -> (&str, i64) {
    (&data.description, i64::from(number) - i64::from(data.version))
}

/// A published version. Its code follows from what the function is for and how many releases it is from the first.
pub fn version(code: (&str, i64), number: u32, published: jiff::Timestamp, description: String) -> FunctionVersion {
    let mut code_sha256 = hash::id(&code, 43);
    code_sha256.push('=');
    FunctionVersion { number, published, description, code_sha256 }
}

fn table(data: &TableData, site: &Site<'_>) -> Table {
    let arn = site.arn("dynamodb", &format!("table/{}", data.name));
    let keys = data.key.iter().chain(data.index.iter().flat_map(|index| &index.key));
    let attributes = keys.map(|key| split(key)).map(|(name, kind)| (name.to_owned(), kind.to_owned())).collect();
    Table {
        name: data.name.clone(),
        id: hash::uuid(&arn),
        attributes,
        key: names(&data.key),
        provisioned: Some(Throughput { read: data.read_units, write: data.write_units }),
        changes: Default::default(),
        state: Default::default(),
        items: Vec::new(),
        time_to_live: None,
        recoverable_since: None,
        item_count: data.items,
        size_bytes: data.bytes,
        created: site.days_ago(412),
        indexes: data.index.iter().map(|index| (index.name.clone(), index_of(index, data, &arn))).collect(),
        tags: site.data.resources.tags.clone(),
        arn,
    }
}

fn index_of(data: &IndexData, table: &TableData, table_arn: &str) -> Index {
    Index {
        name: data.name.clone(),
        arn: format!("{table_arn}/index/{}", data.name),
        key: names(&data.key),
        provisioned: Some(Throughput { read: data.read_units, write: data.write_units }),
        changes: Default::default(),
        item_count: table.items,
        size_bytes: table.bytes,
    }
}

fn names(keys: &[String]) -> Vec<String> {
    keys.iter().map(|key| split(key).0.to_owned()).collect()
}

fn split(key: &str) -> (&str, &str) {
    key.split_once(':').unwrap_or((key, "S"))
}

fn rest_api(data: &RestApiData, site: &Site<'_>) -> RestApi {
    let seed = (&site.data.head.account, &data.name);
    let id = hash::id(&seed, 10);
    let arn = format!("arn:aws:apigateway:{}::/restapis/{id}", site.data.head.region);
    let route = |route: &crate::drill::estate::data::RouteData| Route {
        id: hash::id(&(&seed, &route.path), 6),
        path: route.path.clone(),
        method: route.method.clone(),
        function: route.function.clone(),
    };
    let deployments: Vec<_> = (0..=OLDER_DEPLOYMENTS)
        .rev()
        .map(|age| api_deployment(&id, OLDER_DEPLOYMENTS - age, site.days_ago(23 + age * 31), "release"))
        .collect();
    let stage = Stage {
        name: data.stage.clone(),
        arn: format!("{arn}/stages/{}", data.stage),
        deployment: deployments.last().map(|newest| newest.id.clone()).unwrap_or_default(),
        rate_limit: data.rate_limit,
        burst_limit: data.burst_limit,
        methods: BTreeMap::new(),
        detailed_metrics: false,
        created: site.days_ago(412),
        updated: site.days_ago(23),
        tags: site.data.resources.tags.clone(),
    };
    RestApi {
        name: data.name.clone(),
        description: data.description.clone(),
        created: site.days_ago(412),
        routes: data.route.iter().map(route).collect(),
        stages: BTreeMap::from([(stage.name.clone(), stage)]),
        deployments,
        tags: site.data.resources.tags.clone(),
        id,
        arn,
    }
}

/// The `number`th deployment of a REST API.
pub fn api_deployment(api: &str, number: u32, created: jiff::Timestamp, description: &str) -> ApiDeployment {
    ApiDeployment { id: hash::id(&(api, "deployment", number), 6), description: description.to_owned(), created }
}
