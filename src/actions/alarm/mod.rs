//! CloudWatch alarms: silencing one for a while, and giving it its voice back.

pub mod alarms;
pub mod mute;
pub mod rules;
pub mod unmute;

/// Id of the action that mutes.
const MUTE: &str = "alarm.mute";
/// Id of the action that ends a mute.
const UNMUTE: &str = "alarm.unmute";

#[cfg(test)]
mod tests;
