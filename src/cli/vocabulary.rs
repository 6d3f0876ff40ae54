//! The names that a configuration may use, gathered from the layers that know them.

use crate::app::keymap::action_names;
use crate::config::aws_files::AwsFiles;
use crate::config::{SignalWords, Vocabulary};
use crate::signals;

/// Signals with their thresholds, and actions of the keymap. Themes are added when they are found.
pub fn vocabulary() -> Vocabulary {
    let signals = signals::ALL.iter().map(|signal| SignalWords {
        id: signal.id().0.to_owned(),
        thresholds: signal.thresholds().iter().map(|t| (t.key.to_owned(), t.level)).collect(),
    });
    Vocabulary {
        signals: Some(signals.collect()),
        actions: Some(action_names().map(str::to_owned).collect()),
        themes: None,
        profiles: None,
    }
}

/// The same with this user's AWS profiles.
pub fn with_profiles() -> Vocabulary {
    // What is wrong with the AWS files the SDK says better, when it uses them.
    let profiles = AwsFiles::of_this_user().map(|files| files.profiles().0);
    let names = profiles.map(|profiles| profiles.into_iter().map(|profile| profile.name).collect());
    Vocabulary { profiles: names, ..vocabulary() }
}
