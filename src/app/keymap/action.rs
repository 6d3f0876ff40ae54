//! What a key can do, and how the help groups it.

/// Something that a key can do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Action {
    /// Leave the program at once.
    Quit,
    /// Back, and at the wall leave the program.
    Leave,
    /// Close, clear the filter, or go back.
    Back,
    /// Open what is selected.
    Open,
    /// Select the item above.
    Up,
    /// Select the item below.
    Down,
    /// Select the column to the left.
    Left,
    /// Select the column to the right.
    Right,
    /// Select the first item.
    Top,
    /// Select the last item.
    Bottom,
    /// A screenful up.
    PageUp,
    /// A screenful down.
    PageDown,
    /// Move between the list and its detail pane.
    NextPane,
    /// Ask AWS again now.
    Refresh,
    /// Draw everything again.
    Repaint,
    /// Freeze or release the picture.
    Pause,
    /// One minute earlier.
    Earlier,
    /// One minute later.
    Later,
    /// Ten minutes earlier.
    MuchEarlier,
    /// Ten minutes later.
    MuchLater,
    /// Go to the alarms.
    Alarms,
    /// Go to the connections.
    Connections,
    /// Go to the timeline.
    Timeline,
    /// Go to what changed before what is selected turned red.
    Suspects,
    /// The timeline of a longer time.
    Widen,
    /// The timeline of a shorter time.
    Narrow,
    /// Go to the configuration of the environments side by side.
    Compare,
    /// Go to everything in the selected environment.
    Environment,
    /// Go to the log of the resource.
    Logs,
    /// Read the selected log group.
    Choose,
    /// Keep the newest line of the log in view, or not.
    Follow,
    /// Show long lines of the log whole, or cut.
    Wrap,
    /// Type CloudWatch's filter pattern of the log.
    Pattern,
    /// Type what to search the log's lines for.
    Search,
    /// Go to the next line that was searched for.
    SearchNext,
    /// Go to the line before that was searched for.
    SearchPrevious,
    /// Show everything known of the selected resource.
    Describe,
    /// Copy the selected resource's ARN.
    CopyArn,
    /// Copy the address of the selected resource in the AWS console.
    ConsoleLink,
    /// The next order of the list.
    Sort,
    /// Show only what needs attention, or everything.
    Attention,
    /// Show the system with this number, from 1 to 9.
    System(u8),
    /// Show all systems.
    AllSystems,
    /// The next theme.
    Theme,
    /// Show every notice so far.
    Messages,
    /// Type a filter.
    Filter,
    /// Type what to look for in a description.
    Find,
    /// Open the command palette.
    Palette,
    /// Show the keys of this screen.
    Help,
    /// Show what can be done to the selected resource.
    Runbooks,
    /// Arm the selected environment, or disarm it.
    Arm,
    /// Go to the records.
    Records,
    /// Answer, override or confirm what comes next in a run.
    Proceed,
    /// Plan a run again, or go on watching it.
    PlanAgain,
    /// Treat an unknown outcome as applied.
    Applied,
    /// Treat an unknown outcome as not applied.
    NotApplied,
    /// Plan what brings a change back.
    Undo,
    /// Take no further step of a run.
    Stop,
    /// Close a run although it is not verified.
    CloseUnverified,
    /// Say that something owed was brought back otherwise.
    Settle,
}

/// What the help groups actions by, in its order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Group {
    /// Moving the selection.
    Move,
    /// Going to another screen.
    Go,
    /// What is shown of the data.
    View,
    /// What is selected.
    Selection,
    /// Changing something.
    Change,
    /// The program.
    Program,
}

impl Group {
    /// All, in the order of the help.
    pub const ALL: &[Self] = &[Self::Move, Self::Go, Self::View, Self::Selection, Self::Change, Self::Program];

    /// Its title in the help.
    pub fn title(self) -> &'static str {
        match self {
            Self::Move => "Move",
            Self::Go => "Go",
            Self::View => "View",
            Self::Selection => "Selection",
            Self::Change => "Change",
            Self::Program => "Program",
        }
    }
}
