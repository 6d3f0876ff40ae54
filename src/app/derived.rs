//! What the screens show, derived from the data once and kept until something that it depends on changes.

use std::sync::Arc;

use crate::app::counts::Counts;
use crate::app::filter::Filter;
use crate::app::scope::Scope;
use crate::app::screen::Screen;
use crate::app::screens::{
    AlarmRow, CompareView, EnvironmentRow, Matrix, RecordRow, ResourceView, Sort, TimelineView, WallView,
};
use crate::base::Text;
use crate::model::EnvId;

/// What the screens show. Only the base screen's part is filled.
#[derive(Debug, Clone, Default)]
pub struct Derived {
    /// Indices of the environments in scope.
    pub scope: Vec<usize>,
    /// Cells in scope by severity.
    pub counts: Counts,
    /// Cells of the systems that are not in scope.
    pub elsewhere: Counts,
    /// The wall's rows and columns.
    pub wall: WallView,
    /// The signal screen's resources × environments.
    pub matrix: Matrix,
    /// The alarms screen's rows.
    pub alarms: Vec<AlarmRow>,
    /// The connections screen's rows: indices of environments.
    pub connections: Vec<usize>,
    /// The timeline's rows; kept while nothing of it changes.
    pub timeline: Arc<TimelineView>,
    /// What the compare screen shows.
    pub compare: CompareView,
    /// The environment screen's rows.
    pub environment: Vec<EnvironmentRow>,
    /// What the resource screen shows.
    pub resource: Option<ResourceView>,
    /// The records screen's rows.
    pub records: Vec<RecordRow>,
    /// What all this was derived from.
    pub(in crate::app) from: Option<Source>,
}

/// Everything that [`Derived`] depends on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::app) struct Source {
    pub generation: u64,
    pub paused: bool,
    pub past: Option<jiff::Timestamp>,
    pub screen: Screen,
    pub scope: Scope,
    pub filter: Filter,
    pub attention: bool,
    pub sort: Sort,
    pub timeline: u64,
    pub changes: u64,
    pub compare: (u64, bool, Text),
    pub subject: Option<(EnvId, Text)>,
}
