//! Every action with its name, its keys, where it works and what it does.

use crate::app::keymap::action::{Action, Group};
use crate::app::screen::ScreenKind::{
    self, Alarms, Compare, Connections, Describe, Environment, Help, Logs, Messages, Records, Resource, Run, Runbooks,
    Signal, Timeline, Wall,
};

/// A line of the table.
#[derive(Debug, Clone, Copy)]
pub struct ActionInfo {
    /// What.
    pub action: Action,
    /// Its name in the configuration's `keys`.
    pub name: &'static str,
    /// Default keys in the configuration's notation.
    pub keys: &'static [&'static str],
    /// Where it works; everywhere, when empty.
    pub on: &'static [ScreenKind],
    /// The part of the help it stands in.
    pub group: Group,
    /// What it does, in half a sentence.
    pub help: &'static str,
    /// Its rank and word in the footer: the lowest rank is the last to go when there is little room.
    pub footer: Option<(u8, &'static str)>,
}

impl ActionInfo {
    /// True when the action works on this kind of screen.
    pub fn works_on(&self, screen: ScreenKind) -> bool {
        self.on.is_empty() || self.on.contains(&screen)
    }
}

/// Names of all actions, for checking the configuration.
pub fn action_names() -> impl Iterator<Item = &'static str> {
    ACTIONS.iter().map(|info| info.name)
}

const SCREENS: &[ScreenKind] = &[Wall, Signal, Alarms, Connections, Environment, Resource, Timeline, Logs, Compare];
const PAST: &[ScreenKind] = &[Wall, Signal, Alarms, Connections, Environment, Resource, Timeline, Logs];
const OPENING: &[ScreenKind] =
    &[Wall, Signal, Alarms, Connections, Environment, Resource, Timeline, Compare, Runbooks, Records];
const SIDEWAYS: &[ScreenKind] = &[Wall, Signal, Logs, Compare];
const SEARCHED: &[ScreenKind] = &[Logs, Describe];
const PANES: &[ScreenKind] = &[Wall, Signal, Resource, Run];
const CHANGED: &[ScreenKind] = &[Wall, Signal, Alarms, Environment, Resource];
const ARMED: &[ScreenKind] = &[Wall, Signal, Alarms, Connections, Environment, Resource, Runbooks, Run];
const ALL: &[ScreenKind] =
    &[Wall, Signal, Alarms, Connections, Environment, Resource, Timeline, Logs, Compare, Runbooks, Run, Records];
const FILTERED: &[ScreenKind] =
    &[Wall, Signal, Alarms, Connections, Environment, Resource, Timeline, Logs, Compare, Records];
const RESOURCES: &[ScreenKind] = &[Wall, Signal, Alarms, Environment, Resource, Timeline];

const fn act(
    action: Action,
    name: &'static str,
    keys: &'static [&'static str],
    on: &'static [ScreenKind],
    group: Group,
    help: &'static str,
    footer: Option<(u8, &'static str)>,
) -> ActionInfo {
    ActionInfo { action, name, keys, on, group, help, footer }
}

/// All actions, in the order of the help.
pub static ACTIONS: &[ActionInfo] = &[
    act(Action::Up, "up", &["k", "up"], &[], Group::Move, "select the item above", None),
    act(Action::Down, "down", &["j", "down"], &[], Group::Move, "select the item below", None),
    act(Action::Left, "left", &["h", "left"], SIDEWAYS, Group::Move, "select or scroll to the left", None),
    act(Action::Right, "right", &["l", "right"], SIDEWAYS, Group::Move, "select or scroll to the right", None),
    act(Action::Top, "top", &["g", "home"], &[], Group::Move, "go to the first item", None),
    act(Action::Bottom, "bottom", &["G", "end"], &[], Group::Move, "go to the last item", None),
    act(Action::PageUp, "page-up", &["pageup", "ctrl-b"], &[], Group::Move, "a screenful up", None),
    act(Action::PageDown, "page-down", &["pagedown", "ctrl-f"], &[], Group::Move, "a screenful down", None),
    act(Action::NextPane, "next-pane", &["tab"], PANES, Group::Move, "to the next pane", Some((8, "pane"))),
    act(Action::Open, "open", &["enter"], OPENING, Group::Go, "open what is selected", Some((2, "open"))),
    act(Action::Choose, "choose", &["enter"], &[Logs], Group::Go, "read the selected log group", None),
    act(Action::Back, "back", &["esc"], &[], Group::Go, "close, clear the filter, or go back", None),
    act(Action::Leave, "leave", &["q"], &[], Group::Go, "go back; on the wall, quit", Some((3, "back"))),
    act(Action::Alarms, "alarms", &["L"], ALL, Group::Go, "all alarms of all environments", Some((5, "alarms"))),
    act(
        Action::Connections,
        "connections",
        &["C"],
        ALL,
        Group::Go,
        "identity, latency, faults and cost of every environment",
        Some((10, "connections")),
    ),
    act(Action::Timeline, "timeline", &["t"], ALL, Group::Go, "what changed, newest first", Some((4, "timeline"))),
    act(
        Action::Suspects,
        "suspects",
        &["w"],
        &[Wall, Signal, Alarms, Environment, Resource, Timeline],
        Group::Go,
        "what changed before it turned red, most suspicious first",
        Some((4, "suspects")),
    ),
    act(
        Action::Compare,
        "compare",
        &["="],
        ALL,
        Group::Go,
        "configuration of the environments side by side",
        Some((9, "compare")),
    ),
    act(
        Action::Environment,
        "environment",
        &["e"],
        &[Wall, Signal, Alarms, Connections],
        Group::Go,
        "everything in the selected environment, worst first",
        Some((8, "environment")),
    ),
    act(
        Action::Logs,
        "logs",
        &["l"],
        &[Resource],
        Group::Go,
        "the log of the resource, as it grows",
        Some((4, "logs")),
    ),
    act(Action::Follow, "follow", &["f"], &[Logs], Group::View, "keep the newest line in view", Some((3, "follow"))),
    act(Action::Wrap, "wrap", &["W"], &[Logs], Group::View, "long lines whole or cut", Some((3, "wrap"))),
    act(
        Action::Pattern,
        "pattern",
        &["p"],
        &[Logs],
        Group::View,
        "read only what matches CloudWatch's filter pattern",
        Some((3, "pattern")),
    ),
    act(Action::Search, "search", &["S"], &[Logs], Group::View, "search the lines", Some((3, "search"))),
    act(Action::SearchNext, "search-next", &["n"], SEARCHED, Group::Move, "the next line found", None),
    act(Action::SearchPrevious, "search-previous", &["N"], SEARCHED, Group::Move, "the line found before", None),
    act(Action::Messages, "messages", &["M"], ALL, Group::Go, "every notice so far", None),
    act(Action::System(1), "system-1", &["1"], SCREENS, Group::Go, "the first system", None),
    act(Action::System(2), "system-2", &["2"], SCREENS, Group::Go, "the second system", None),
    act(Action::System(3), "system-3", &["3"], SCREENS, Group::Go, "the third system", None),
    act(Action::System(4), "system-4", &["4"], SCREENS, Group::Go, "the fourth system", None),
    act(Action::System(5), "system-5", &["5"], SCREENS, Group::Go, "the fifth system", None),
    act(Action::System(6), "system-6", &["6"], SCREENS, Group::Go, "the sixth system", None),
    act(Action::System(7), "system-7", &["7"], SCREENS, Group::Go, "the seventh system", None),
    act(Action::System(8), "system-8", &["8"], SCREENS, Group::Go, "the eighth system", None),
    act(Action::System(9), "system-9", &["9"], SCREENS, Group::Go, "the ninth system", None),
    act(Action::AllSystems, "all-systems", &["0"], SCREENS, Group::Go, "all systems side by side", None),
    act(
        Action::Filter,
        "filter",
        &["/"],
        FILTERED,
        Group::View,
        "filter by words; ! in front inverts",
        Some((6, "filter")),
    ),
    act(Action::Find, "find", &["/"], &[Describe], Group::View, "look for words", Some((4, "search"))),
    act(Action::Widen, "widen", &["+"], &[Timeline], Group::View, "a longer time", Some((6, "longer"))),
    act(Action::Narrow, "narrow", &["-"], &[Timeline], Group::View, "a shorter time", None),
    act(
        Action::Attention,
        "attention",
        &["z"],
        SCREENS,
        Group::View,
        "only what needs attention, or everything",
        Some((7, "attention")),
    ),
    act(
        Action::Sort,
        "sort",
        &["s"],
        &[Signal, Alarms, Environment],
        Group::View,
        "sort by severity, name or since",
        Some((8, "sort")),
    ),
    act(
        Action::Pause,
        "pause",
        &["space"],
        &[],
        Group::View,
        "freeze the picture; data keep coming",
        Some((12, "pause")),
    ),
    act(
        Action::Earlier,
        "earlier",
        &["["],
        PAST,
        Group::View,
        "the wall a minute earlier, rebuilt",
        Some((15, "past")),
    ),
    act(Action::Later, "later", &["]"], PAST, Group::View, "a minute later; beyond the present, live", None),
    act(Action::MuchEarlier, "much-earlier", &["{"], PAST, Group::View, "ten minutes earlier", None),
    act(Action::MuchLater, "much-later", &["}"], PAST, Group::View, "ten minutes later", None),
    act(Action::Refresh, "refresh", &["ctrl-r"], &[], Group::View, "ask AWS again now", Some((11, "refresh"))),
    act(Action::Theme, "theme", &["T"], &[], Group::View, "the next theme", None),
    act(Action::Repaint, "repaint", &["ctrl-l"], &[], Group::View, "draw the screen again", None),
    act(
        Action::Describe,
        "describe",
        &["d"],
        RESOURCES,
        Group::Selection,
        "what AWS says of the resource, as JSON",
        Some((13, "describe")),
    ),
    act(
        Action::CopyArn,
        "copy-arn",
        &["y"],
        &[Wall, Signal, Alarms, Environment, Resource, Timeline, Describe, Runbooks, Run],
        Group::Selection,
        "copy the ARN",
        Some((14, "copy ARN")),
    ),
    act(
        Action::ConsoleLink,
        "console-link",
        &["o"],
        &[Wall, Signal, Alarms, Environment, Resource, Timeline, Describe],
        Group::Selection,
        "copy the address in the AWS console",
        None,
    ),
    act(
        Action::Runbooks,
        "runbooks",
        &["a"],
        CHANGED,
        Group::Change,
        "what can be done to the selected resource",
        Some((3, "actions")),
    ),
    act(
        Action::Records,
        "records",
        &["R"],
        ALL,
        Group::Change,
        "what was done, what is owed, what nobody knows",
        Some((10, "records")),
    ),
    act(
        Action::Arm,
        "arm",
        &["A"],
        ARMED,
        Group::Change,
        "arm the environment for 15 minutes, or disarm it",
        Some((9, "arm")),
    ),
    act(
        Action::Proceed,
        "proceed",
        &["enter"],
        &[Run],
        Group::Change,
        "answer, override or confirm what comes next",
        Some((1, "go on")),
    ),
    act(
        Action::PlanAgain,
        "plan-again",
        &["r"],
        &[Run],
        Group::Change,
        "plan again; keep watching an unknown outcome",
        Some((2, "plan again")),
    ),
    act(
        Action::Undo,
        "undo",
        &["u"],
        &[Run, Records],
        Group::Change,
        "plan what brings it back",
        Some((3, "bring back")),
    ),
    act(
        Action::Applied,
        "applied",
        &["v"],
        &[Run, Records],
        Group::Change,
        "treat an unknown outcome as applied",
        Some((6, "applied")),
    ),
    act(
        Action::NotApplied,
        "not-applied",
        &["n"],
        &[Run, Records],
        Group::Change,
        "treat an unknown outcome as not applied",
        Some((6, "not applied")),
    ),
    act(
        Action::Stop,
        "stop",
        &["ctrl-x"],
        &[Run],
        Group::Change,
        "take no further step of this run",
        Some((4, "stop")),
    ),
    act(
        Action::CloseUnverified,
        "close-unverified",
        &["c"],
        &[Run],
        Group::Change,
        "close it although not everything is verified",
        None,
    ),
    act(
        Action::Settle,
        "settle",
        &["o"],
        &[Records],
        Group::Change,
        "say that what is owed was brought back otherwise",
        Some((4, "settle")),
    ),
    act(Action::Palette, "palette", &[":"], &[], Group::Program, "command palette", Some((8, "command"))),
    act(
        Action::Help,
        "help",
        &["?"],
        &[
            Wall,
            Signal,
            Alarms,
            Connections,
            Environment,
            Resource,
            Timeline,
            Logs,
            Compare,
            Runbooks,
            Run,
            Records,
            Help,
            Messages,
            Describe,
        ],
        Group::Program,
        "the keys of this screen",
        Some((1, "help")),
    ),
    act(Action::Quit, "quit", &["ctrl-c"], &[], Group::Program, "quit at once, always", None),
];
