//! The rows of the source's configuration.

use crate::app::SignalInfo;
use crate::config::Display;
use crate::signals::{self, AnySignal};

/// The signals that are watched, in the order of their rows.
pub fn watched(display: &Display) -> Vec<&'static dyn AnySignal> {
    signals::rows::watched(signals::ALL, display)
}

/// What the console needs to know of them.
pub fn infos(display: &Display) -> Vec<SignalInfo> {
    let info = |signal: &&'static dyn AnySignal| SignalInfo {
        id: signal.id(),
        title: signal.title().into(),
        always: signals::rows::is_asked_for(*signal, display),
    };
    watched(display).iter().map(info).collect()
}
