use std::sync::Arc;

use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_sdk_sts::error::ProvideErrorMetadata;

use crate::estate::{ACCOUNT, OTHER, REGION, endpoint, sdk};

#[tokio::test]
async fn the_access_key_chooses_the_account_and_the_scope_the_region() {
    let endpoint = Arc::new(endpoint());
    for account in [ACCOUNT, OTHER] {
        let client = aws_sdk_sts::Client::new(&sdk(&endpoint, account, REGION));
        let me = client.get_caller_identity().send().await.unwrap();
        assert_eq!(me.account(), Some(account));
        assert_eq!(me.arn(), Some(format!("arn:aws:iam::{account}:user/on-call").as_str()));
    }
    let tables = |account, region| aws_sdk_dynamodb::Client::new(&sdk(&endpoint, account, region)).list_tables().send();
    assert_eq!(tables(ACCOUNT, REGION).await.unwrap().table_names().len(), 3);
    assert_eq!(tables(ACCOUNT, "us-east-1").await.unwrap().table_names().len(), 0);
    assert_eq!(tables(OTHER, REGION).await.unwrap().table_names().len(), 0);
    let regions: Vec<_> = endpoint.log().received().into_iter().map(|r| (r.account, r.region, r.operation)).collect();
    assert_eq!(regions[3], (ACCOUNT.to_owned(), "us-east-1".to_owned(), "ListTables".to_owned()));
    assert_eq!(endpoint.log().count("ListTables"), 3);
    assert_eq!(endpoint.log().total(), 5);
}

#[tokio::test]
async fn unknown_keys_are_refused_in_every_protocol() {
    let endpoint = Arc::new(endpoint());
    let config = sdk(&endpoint, "999999999999", REGION);
    let sts = aws_sdk_sts::Client::new(&config).get_caller_identity().send().await.unwrap_err();
    assert_eq!(sts.code(), Some("InvalidClientTokenId"));
    assert_eq!(sts.raw_response().unwrap().status().as_u16(), 403);
    let json = aws_sdk_ecs::Client::new(&config).list_clusters().send().await.unwrap_err();
    assert_eq!(json.code(), Some("UnrecognizedClientException"));
    let rest = aws_sdk_lambda::Client::new(&config).list_functions().send().await.unwrap_err();
    assert_eq!(rest.code(), Some("UnrecognizedClientException"));
    let cbor = aws_sdk_cloudwatch::Client::new(&config).describe_alarms().send().await.unwrap_err();
    assert_eq!(cbor.code(), Some("UnrecognizedClientException"));
    assert_eq!(endpoint.log().total(), 0, "a refused request is not the account's");
}

#[tokio::test]
async fn an_assumed_role_works_in_its_own_account() {
    let endpoint = Arc::new(endpoint());
    let sts = aws_sdk_sts::Client::new(&sdk(&endpoint, OTHER, REGION));
    let role = format!("arn:aws:iam::{ACCOUNT}:role/reader");
    let given = sts.assume_role().role_arn(&role).role_session_name("me").send().await.unwrap();
    let given = given.credentials().unwrap();
    assert!(given.expiration().secs() > 1_700_000_000);
    let credentials = Credentials::new(
        given.access_key_id(),
        given.secret_access_key(),
        Some(given.session_token().to_owned()),
        None,
        "test",
    );
    let config = sdk(&endpoint, OTHER, REGION)
        .into_builder()
        .credentials_provider(SharedCredentialsProvider::new(credentials))
        .build();
    let me = aws_sdk_sts::Client::new(&config).get_caller_identity().send().await.unwrap();
    assert_eq!(me.arn(), Some(format!("arn:aws:sts::{ACCOUNT}:assumed-role/reader/me").as_str()));
    let tables = aws_sdk_dynamodb::Client::new(&config).list_tables().send().await.unwrap();
    assert_eq!(tables.table_names().len(), 3);
    for bad in ["arn:aws:iam::999999999999:role/reader", "reader"] {
        let error = sts.assume_role().role_arn(bad).role_session_name("me").send().await.unwrap_err();
        assert_eq!(error.code(), Some("AccessDenied"), "{bad}");
    }
}
