use aws_sdk_dynamodb::error::ProvideErrorMetadata;
use aws_sdk_dynamodb::types::{BillingMode, KeyType};
use aws_sdk_lambda::types::{Architecture, FunctionVersion};

use crate::estate::{ACCOUNT, ago, here};

#[tokio::test]
async fn functions_and_versions_come_in_pages_of_every_size() {
    let client = aws_sdk_lambda::Client::new(&here());
    for size in [1, 2, 3, 4, 50, 1000] {
        let mut items = client.list_functions().into_paginator().page_size(size).items().send();
        let mut names = Vec::new();
        while let Some(item) = items.next().await {
            names.push(item.unwrap().function_name().unwrap().to_owned());
        }
        assert_eq!(names, ["f1", "f2", "f3"], "by {size}");
        let all = client.list_functions().function_version(FunctionVersion::All);
        let mut items = all.into_paginator().page_size(size).items().send();
        let mut versions = Vec::new();
        while let Some(item) = items.next().await {
            versions.push(item.unwrap().version().unwrap().to_owned());
        }
        assert_eq!(versions, ["$LATEST", "1", "2", "3"].repeat(3), "by {size}");
        let mut items = client.list_aliases().function_name("f1").into_paginator().page_size(size).items().send();
        let mut aliases = Vec::new();
        while let Some(item) = items.next().await {
            aliases.push(item.unwrap().name().unwrap().to_owned());
        }
        assert_eq!(aliases, ["live", "old"]);
    }
}

#[tokio::test]
async fn a_function_carries_its_values() {
    let client = aws_sdk_lambda::Client::new(&here());
    let answer = client.get_function().function_name("f1").send().await.unwrap();
    let function = answer.configuration().unwrap();
    assert_eq!(function.description(), Some("does things — ünïcode"));
    assert_eq!((function.memory_size(), function.timeout()), (Some(2048), Some(30)));
    assert_eq!(function.code_size(), 4_000_000_000);
    assert_eq!(function.last_modified(), Some("2026-11-21T03:00:00.000+0000"));
    assert_eq!(function.version(), Some("$LATEST"));
    assert_eq!(function.architectures(), [Architecture::Arm64]);
    assert_eq!(answer.concurrency().unwrap().reserved_concurrent_executions(), Some(100));
    assert_eq!(answer.tags().unwrap()["Environment"], "test");
    let arn = format!("arn:aws:lambda:eu-west-1:{ACCOUNT}:function:f2:live");
    let live = client.get_function_configuration().function_name(&arn).send().await.unwrap();
    assert_eq!((live.version(), live.function_arn()), (Some("3"), Some(arn.as_str())));
    assert_eq!(live.description(), Some("v3"));
    let alias = client.get_alias().function_name("f1").name("live").send().await.unwrap();
    assert_eq!(alias.function_version(), Some("3"));
    assert_eq!(alias.routing_config().unwrap().additional_version_weights().unwrap()["1"], 0.25);
    let versions = client.list_versions_by_function().function_name("f3").send().await.unwrap();
    assert_eq!(versions.versions().len(), 4);
    let tags = client.list_tags().resource(format!("arn:aws:lambda:eu-west-1:{ACCOUNT}:function:f2")).send();
    assert_eq!(tags.await.unwrap().tags().unwrap()["Name"], "f2");
    let settings = client.get_account_settings().send().await.unwrap();
    assert_eq!(settings.account_limit().unwrap().unreserved_concurrent_executions(), Some(900));
    let concurrency = client.get_function_concurrency().function_name("f2").send().await.unwrap();
    assert_eq!(concurrency.reserved_concurrent_executions(), None);
}

#[tokio::test]
async fn a_missing_function_is_not_found_and_changes_are_denied() {
    let client = aws_sdk_lambda::Client::new(&here());
    let error = client.get_function().function_name("nothing").send().await.unwrap_err().into_service_error();
    assert!(error.is_resource_not_found_exception());
    assert!(error.meta().message().unwrap().contains("function:nothing"), "{error:?}");
    let error = client.get_alias().function_name("f1").name("none").send().await.unwrap_err();
    assert!(error.into_service_error().is_resource_not_found_exception());
    let error = client.list_functions().marker("bad").send().await.unwrap_err();
    assert!(error.into_service_error().is_invalid_parameter_value_exception());
    let error = client.delete_function().function_name("f1").send().await.unwrap_err();
    assert_eq!(error.code(), Some("AccessDeniedException"));
    let error = client.list_layers().send().await.unwrap_err();
    assert_eq!(error.code(), Some("UnknownOperationException"));
}

#[tokio::test]
async fn tables_and_indexes() {
    let client = aws_sdk_dynamodb::Client::new(&here());
    for size in 1..=4 {
        let mut items = client.list_tables().into_paginator().page_size(size).items().send();
        let mut names = Vec::new();
        while let Some(item) = items.next().await {
            names.push(item.unwrap());
        }
        assert_eq!(names, ["tab1", "tab2", "tab3"], "by {size}");
    }
    let answer = client.describe_table().table_name("tab1").send().await.unwrap();
    let table = answer.table().unwrap();
    assert_eq!(table.item_count(), Some(5_000_000_000));
    assert_eq!(table.creation_date_time().unwrap().to_millis().unwrap(), ago(1000).as_millisecond());
    let capacity = table.provisioned_throughput().unwrap();
    assert_eq!((capacity.read_capacity_units(), capacity.write_capacity_units()), (Some(100), Some(50)));
    assert_eq!(capacity.last_increase_date_time().unwrap().to_millis().unwrap(), ago(30).as_millisecond());
    let index = &table.global_secondary_indexes()[0];
    assert_eq!(index.index_name(), Some("by-merchant"));
    assert_eq!(index.key_schema()[1].key_type(), &KeyType::Range);
    let on_demand = client.describe_table().table_name("tab3").send().await.unwrap().table.unwrap();
    assert_eq!(on_demand.billing_mode_summary().unwrap().billing_mode(), Some(&BillingMode::PayPerRequest));
    let arn = table.table_arn().unwrap();
    assert_eq!(client.list_tags_of_resource().resource_arn(arn).send().await.unwrap().tags().len(), 2);
    client.describe_time_to_live().table_name("tab1").send().await.unwrap().time_to_live_description.unwrap();
    client.describe_continuous_backups().table_name(arn).send().await.unwrap();
    let error = client.describe_table().table_name("none").send().await.unwrap_err();
    assert!(error.into_service_error().is_resource_not_found_exception());
    let error = client.delete_table().table_name("tab1").send().await.unwrap_err();
    assert_eq!(error.code(), Some("AccessDeniedException"));
}

#[tokio::test]
async fn rest_apis() {
    let client = aws_sdk_apigateway::Client::new(&here());
    for size in 1..=4 {
        let mut items = client.get_rest_apis().into_paginator().page_size(size).items().send();
        let mut ids = Vec::new();
        while let Some(item) = items.next().await {
            ids.push(item.unwrap().id().unwrap().to_owned());
        }
        assert_eq!(ids, ["rest1", "rest2", "rest3"], "by {size}");
        let mut items = client.get_resources().rest_api_id("rest1").into_paginator().page_size(size).items().send();
        let mut paths = Vec::new();
        while let Some(item) = items.next().await {
            paths.push(item.unwrap().path().unwrap().to_owned());
        }
        assert_eq!(paths, ["/", "/process", "/process/deep/er"], "by {size}");
    }
    let api = client.get_rest_api().rest_api_id("rest1").send().await.unwrap();
    assert_eq!((api.name(), api.description()), (Some("payments-rest1"), Some("ünï")));
    assert_eq!(api.created_date().unwrap().to_millis().unwrap(), ago(1000).as_millisecond());
    let resources = client.get_resources().rest_api_id("rest1").send().await.unwrap();
    let [root, process, deep] = resources.items() else { panic!("three resources") };
    assert_eq!(root.id(), api.root_resource_id());
    assert_eq!((process.parent_id(), deep.parent_id()), (root.id(), process.id()));
    assert_eq!(process.resource_methods().unwrap().len(), 2);
    let stages = client.get_stages().rest_api_id("rest1").send().await.unwrap();
    let settings = &stages.item()[0].method_settings().unwrap()["*/*"];
    assert_eq!((settings.throttling_rate_limit(), settings.throttling_burst_limit()), (2000.0, 4000));
    let stage = client.get_stage().rest_api_id("rest1").stage_name("live").send().await.unwrap();
    assert_eq!(stage.last_updated_date().unwrap().to_millis().unwrap(), ago(10).as_millisecond());
    let deployments = client.get_deployments().rest_api_id("rest1").send().await.unwrap();
    assert_eq!(deployments.items()[0].id(), Some("dep123"));
    let account = client.get_account().send().await.unwrap();
    assert_eq!(account.throttle_settings().unwrap().rate_limit(), 10_000.0);
    let arn = "arn:aws:apigateway:eu-west-1::/restapis/rest1";
    assert_eq!(client.get_tags().resource_arn(arn).send().await.unwrap().tags().unwrap()["Name"], "rest1");
    let error = client.get_stages().rest_api_id("none").send().await.unwrap_err();
    assert!(error.into_service_error().is_not_found_exception());
    let error = client.delete_stage().rest_api_id("rest1").stage_name("live").send().await.unwrap_err();
    assert_eq!(error.code(), Some("AccessDeniedException"));
}

#[tokio::test]
async fn http_apis() {
    let client = aws_sdk_apigatewayv2::Client::new(&here());
    for size in 1..=4 {
        let (mut ids, mut token) = (Vec::new(), None);
        loop {
            let page = client.get_apis().max_results(size.to_string()).set_next_token(token).send().await.unwrap();
            ids.extend(page.items().iter().map(|api| api.api_id().unwrap().to_owned()));
            token = page.next_token().map(str::to_owned);
            if token.is_none() {
                break;
            }
        }
        assert_eq!(ids, ["http1", "http2", "http3"], "by {size}");
    }
    let stages = client.get_stages().api_id("http1").send().await.unwrap();
    let stage = &stages.items()[0];
    assert_eq!(stage.stage_name(), Some("$default"));
    assert_eq!(stage.default_route_settings().unwrap().throttling_rate_limit(), Some(2000.0));
    assert_eq!(stage.last_updated_date().unwrap().to_millis().unwrap(), ago(10).as_millisecond());
    let error = client.get_stages().api_id("none").send().await.unwrap_err();
    assert!(error.into_service_error().is_not_found_exception());
}

#[tokio::test]
async fn deployments_of_an_api_newest_first() {
    let client = aws_sdk_apigateway::Client::new(&here());
    let all = client.get_deployments().rest_api_id("rest1").send().await.unwrap();
    let ids: Vec<_> = all.items().iter().filter_map(|one| one.id()).collect();
    assert_eq!(ids, ["dep123", "dep122"]);
    let first = client.get_deployments().rest_api_id("rest1").limit(1).send().await.unwrap();
    let next = client.get_deployments().rest_api_id("rest1").limit(1).position(first.position().unwrap());
    assert_eq!(next.send().await.unwrap().items()[0].description(), Some("first"));
    let one = client.get_deployment().rest_api_id("rest1").deployment_id("dep123").send().await.unwrap();
    assert_eq!(
        (one.description(), one.created_date().map(|at| at.secs())),
        (Some("second"), Some(ago(10).as_second()))
    );
    let error = client.get_deployment().rest_api_id("rest1").deployment_id("none").send().await.unwrap_err();
    assert!(error.into_service_error().is_not_found_exception());
}
