//! What the configured calendar is to the guards.

use jiff::Timestamp;

use crate::config::Config;
use crate::config::freeze::{Calendar, state};
use crate::guard::situation::Freeze;
use crate::model::Environment;

/// The change freeze of an environment at `now`.
pub fn of(config: &Config, environment: &Environment, now: Timestamp) -> Freeze {
    match state(config, environment, now) {
        Calendar::Open => Freeze::Off,
        Calendar::Closed { says, until } => Freeze::On { says, until },
        Calendar::Unreadable(why) => Freeze::Unreadable(why),
    }
}
