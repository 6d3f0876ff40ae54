//! The connections screen: one row for each environment.

use crate::app::cursor::Followed;
use crate::app::filter::Filter;
use crate::app::fleet::Fleet;
use crate::model::Severity;

/// What the operator has chosen on the connections screen.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ConnectionsState {
    /// Selected row; followed by the environment's index.
    pub rows: Followed<usize>,
    /// What to show.
    pub filter: Filter,
}

/// Indices of the environments that pass the filter and, with `attention`, have a fault.
pub fn rows(fleet: &Fleet, filter: &Filter, attention: bool) -> Vec<usize> {
    let shown = |state: &crate::app::fleet::EnvironmentState| {
        let label = state.label();
        let (environment, connection) = (&state.environment, &state.connection);
        let fault = connection.fault.iter().flat_map(|f| [f.kind.word(), f.operation.as_str(), f.message.as_str()]);
        let identity = connection.identity.iter().flat_map(|i| [i.account.as_str(), i.arn.as_str()]);
        let optional = [&environment.account, &environment.profile].into_iter().flatten().map(|text| text.as_str());
        let own = [label.as_str(), environment.region.as_str(), environment.tier.word()];
        let troubled = connection.fault.is_some() || state.cells.iter().any(|cell| cell.datum.fault().is_some());
        (!attention || troubled) && filter.passes(own.into_iter().chain(optional).chain(fault).chain(identity))
    };
    fleet.environments.iter().enumerate().filter(|(_, state)| shown(state)).map(|(index, _)| index).collect()
}

/// How bad the state of a connection is, without regard to what is read through it.
pub fn severity(connection: &crate::model::Connection) -> Severity {
    match (&connection.fault, &connection.identity) {
        (Some(fault), _) if fault.kind.is_transient() => Severity::Warning,
        (Some(_), _) => Severity::Critical,
        (None, Some(_)) => Severity::Ok,
        (None, None) => Severity::Unknown,
    }
}
