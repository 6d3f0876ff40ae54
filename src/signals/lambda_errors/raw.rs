//! What AWS says of a function.

use crate::cloud::Session;
use crate::model::Resource;
use crate::signals::raw::{Raw, raw};

/// GetFunctionConfiguration: GetFunction would add an address that gives away the code.
pub async fn ask(session: &Session, function: &Resource) -> Vec<Raw> {
    let request = session.lambda().get_function_configuration().function_name(&*function.name);
    vec![raw!(session, "GetFunctionConfiguration", request).await]
}
