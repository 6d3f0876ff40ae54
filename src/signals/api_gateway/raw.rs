//! What AWS says of a stage and its API.

use futures_util::join;

use crate::cloud::Session;
use crate::model::Resource;
use crate::signals::charts::spec::text;
use crate::signals::raw::{Raw, raw};

/// GetStage, and GetRestApi or GetApi.
pub async fn ask(session: &Session, stage: &Resource) -> Vec<Raw> {
    let (Some(api), Some(name)) = (text(stage, "api_id"), text(stage, "stage")) else {
        return vec![Raw::unasked("GetStage", "the stages of this API are not known")];
    };
    let (stage, api) = if text(stage, "protocol") == Some("HTTP") {
        let client = session.apigatewayv2();
        let stage = raw!(session, "GetStage", client.get_stage().api_id(api).stage_name(name));
        let api = raw!(session, "GetApi", client.get_api().api_id(api));
        join!(stage, api)
    } else {
        let client = session.apigateway();
        let stage = raw!(session, "GetStage", client.get_stage().rest_api_id(api).stage_name(name));
        let api = raw!(session, "GetRestApi", client.get_rest_api().rest_api_id(api));
        join!(stage, api)
    };
    vec![stage, api]
}
