//! Reserved concurrency of functions.

use winterbaume_lambda::model::{Concurrency, GetFunctionConcurrencyResponse};

use super::super::{ApiError, Ask, Edit, Reply, reply};
use super::{ACCOUNT_CONCURRENCY, function};

/// Executions that must stay unreserved in an account (Lambda Developer Guide, "Configuring reserved concurrency").
const UNRESERVED: u32 = 100;

pub(super) fn get(ask: &Ask<'_>) -> Reply {
    let (function, _) = function(ask)?;
    let reserved_concurrent_executions = function.reserved_concurrency.and_then(|n| i32::try_from(n).ok());
    reply(&GetFunctionConcurrencyResponse { reserved_concurrent_executions })
}

/// Reserves executions; 0 stops a function.
pub(super) fn put(edit: &mut Edit<'_>) -> Reply {
    let invalid = |message: String| ApiError::bad("InvalidParameterValueException", message);
    let asked = edit.input.int("ReservedConcurrentExecutions");
    let wanted = asked
        .and_then(|asked| u32::try_from(asked).ok())
        .ok_or_else(|| invalid("ReservedConcurrentExecutions must be given and must not be less than 0.".to_owned()))?;
    let name = function(&edit.ask())?.0.name.clone();
    let others = edit.world.functions.values().filter(|other| other.name != name);
    let others: u32 = others.filter_map(|other| other.reserved_concurrency).sum();
    if others.saturating_add(wanted) > ACCOUNT_CONCURRENCY - UNRESERVED {
        let message = format!(
            "Specified ReservedConcurrentExecutions for function decreases account's UnreservedConcurrentExecution below its minimum value of [{UNRESERVED}]."
        );
        return Err(invalid(message));
    }
    reserve(edit, &name, Some(wanted));
    reply(&Concurrency { reserved_concurrent_executions: i32::try_from(wanted).ok() })
}

/// The function takes part in the account's unreserved executions again.
pub(super) fn delete(edit: &mut Edit<'_>) -> Reply {
    let name = function(&edit.ask())?.0.name.clone();
    reserve(edit, &name, None);
    Ok(serde_json::Value::Null)
}

fn reserve(edit: &mut Edit<'_>, name: &str, executions: Option<u32>) {
    if let Some(function) = edit.world.functions.get_mut(name) {
        function.reserved_concurrency = executions;
    }
}
