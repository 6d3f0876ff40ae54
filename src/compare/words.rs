//! What is said of a comparison, wherever it is shown.

use crate::compare::canonical::OWN;
use crate::compare::setting::Value;
use crate::model::{Fault, FaultKind};

/// Why something is unknown and what to do next. What the poller would try again by itself is read once here.
pub fn fault(fault: &Fault) -> String {
    match fault.kind {
        FaultKind::Throttled | FaultKind::Timeout | FaultKind::Service => {
            fault.clone().with_remedy("compare again").to_string()
        }
        _ => fault.to_string(),
    }
}

/// What is right because most environments have it. `key` is the setting's.
pub fn elsewhere(key: &str, right: &Value) -> String {
    match right {
        Value::Text(text) if &**text == OWN => "elsewhere it names the environment itself".to_owned(),
        Value::Absent => format!("elsewhere there is no {}", key.strip_prefix("tag:").unwrap_or(key)),
        right => format!("elsewhere it is {right}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_said_to_be_tried_again_by_itself() {
        for kind in [FaultKind::Throttled, FaultKind::Timeout, FaultKind::Service] {
            let told = fault(&Fault::new(kind, "ListTables", "slow down").with_remedy("tried again by itself"));
            assert!(told.starts_with("ListTables: ") && told.ends_with("slow down — compare again"), "{told}");
        }
        let denied = Fault::new(FaultKind::Denied, "ListTables", "no").with_remedy("the role needs permission");
        assert_eq!(fault(&denied), "ListTables: denied: no — the role needs permission");
    }

    #[test]
    fn what_is_right_reads_as_a_sentence() {
        assert_eq!(elsewhere("tag:Environment", &Value::Text(OWN.into())), "elsewhere it names the environment itself");
        assert_eq!(elsewhere("tag:Owner", &Value::Absent), "elsewhere there is no Owner");
        assert_eq!(elsewhere("memory_mb", &Value::Number(512.0)), "elsewhere it is 512");
    }
}
