use watchfloor::cloud::Session;

use crate::Facts;

pub async fn collect(session: &Session, facts: &mut Facts) {
    let tables = session.dynamodb().list_tables().send().await.unwrap();
    for name in tables.table_names() {
        let answer = session.dynamodb().describe_table().table_name(name).send().await.unwrap();
        let units = answer.table().unwrap().provisioned_throughput().unwrap().clone();
        let (read, write) = (units.read_capacity_units().unwrap(), units.write_capacity_units().unwrap());
        facts.insert(format!("table {name} {read} / {write} units"));
    }
    let functions = session.lambda().list_functions().send().await.unwrap();
    for function in functions.functions() {
        let (name, memory) = (function.function_name().unwrap(), function.memory_size().unwrap());
        facts.insert(format!("function {name} {memory} MB"));
    }
    let apis = session.apigateway().get_rest_apis().send().await.unwrap();
    for api in apis.items() {
        let (id, name) = (api.id().unwrap(), api.name().unwrap());
        let resources = session.apigateway().get_resources().rest_api_id(id).send().await.unwrap();
        facts.extend(resources.items().iter().map(|one| format!("api {name} route {}", one.path().unwrap())));
        let stages = session.apigateway().get_stages().rest_api_id(id).send().await.unwrap();
        for stage in stages.item() {
            let limit = stage.method_settings().unwrap()["*/*"].throttling_rate_limit();
            facts.insert(format!("api {name} throttle {limit} / s"));
        }
    }
}
