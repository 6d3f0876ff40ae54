//! Why a log could not be read, told apart by what helps.

use crate::cloud::Session;
use crate::model::{Fault, FaultKind};

/// Why a log could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unread {
    /// There is no such group here.
    Group(Fault),
    /// CloudWatch refuses the filter pattern.
    Pattern(Fault),
    /// Something else.
    Fault(Fault),
}

impl Unread {
    /// The group does not exist in the session's account and region.
    pub(super) fn no_group(session: &Session, group: &str) -> Self {
        let environment = &session.environment;
        let (name, region) = (&environment.name, &environment.region);
        let fault = Fault::new(
            FaultKind::Invalid,
            "FilterLogEvents",
            format!("log group {group} does not exist in {region} ({}/{name})", environment.system),
        );
        Self::Group(fault.with_remedy(
            "check its name and the region; a group is made when something first writes, and may have been deleted",
        ))
    }

    /// CloudWatch calls a parameter invalid: the page token within a look, else the group's name or the pattern.
    pub(super) fn invalid(fault: Fault, why: &str, (group, pattern): (&str, &str), within_a_look: bool) -> Self {
        if within_a_look {
            return Self::Fault(
                Fault::new(FaultKind::Service, "FilterLogEvents", fault.message).with_remedy("the log is read again"),
            );
        }
        if pattern.is_empty() || why.contains("ogGroup") {
            let words = format!("{group} is no name of a log group: {why}");
            return Self::Group(Fault::new(FaultKind::Invalid, "FilterLogEvents", words));
        }
        let words = format!("CloudWatch refuses the filter pattern `{pattern}`: {why}");
        Self::Pattern(
            Fault::new(FaultKind::Invalid, "FilterLogEvents", words)
                .with_remedy(r#"patterns are written like  ERROR  or  "two words"  or  { $.status >= 500 }"#),
        )
    }

    /// The fault, whatever helps.
    pub fn fault(self) -> Fault {
        match self {
            Self::Group(fault) | Self::Pattern(fault) | Self::Fault(fault) => fault,
        }
    }
}
