//! Graded confirmation: what must be typed.

use crate::guard::situation::Situation;
use crate::model::{Plan, Risk};

/// What must be typed, exactly: `y`, or `<env> <resource> <value>`.
pub fn phrase(plan: &Plan, environment: &str, risk: Risk) -> String {
    match risk {
        Risk::Low => "y".to_owned(),
        Risk::High | Risk::Critical => {
            let parts = [environment, &plan.target.name, &plan.value];
            parts.iter().filter(|part| !part.is_empty()).copied().collect::<Vec<_>>().join(" ")
        }
    }
}

/// What must be typed in this situation.
pub fn phrase_for(plan: &Plan, situation: &Situation, risk: Risk) -> String {
    phrase(plan, &situation.environment.name, risk)
}

/// True where `typed` is exactly what must be typed: no letter less, no space more.
pub fn is_typed(plan: &Plan, situation: &Situation, risk: Risk, typed: &str) -> bool {
    typed == phrase_for(plan, situation, risk)
}
