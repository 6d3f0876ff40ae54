//! The screens and what lies over them.

use crate::model::{EnvId, SignalId};

/// A screen on the stack. The bottom one is always the wall.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Screen {
    /// Signals × environments.
    Wall,
    /// One signal: resources × environments.
    Signal(SignalId),
    /// All alarms of all environments.
    Alarms,
    /// All connections.
    Connections,
    /// One environment: all its resources, worst first.
    Environment(EnvId),
    /// One resource; which one is in its state.
    Resource,
    /// What changed.
    Timeline,
    /// The lines of a log.
    Logs,
    /// Configuration side by side.
    Compare,
    /// What can be done to one resource.
    Runbooks,
    /// A run: plan, guards, progress.
    Run,
    /// What was done, what is owed, what nobody knows.
    Records,
    /// Overlay: the keys of the screen below.
    Help,
    /// Overlay: everything known of one resource, as JSON.
    Describe,
    /// Overlay: every notice so far.
    Messages,
}

/// A screen without what it is about: what the keymap is scoped by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ScreenKind {
    /// See [`Screen::Wall`].
    Wall,
    /// See [`Screen::Signal`].
    Signal,
    /// See [`Screen::Alarms`].
    Alarms,
    /// See [`Screen::Connections`].
    Connections,
    /// See [`Screen::Environment`].
    Environment,
    /// See [`Screen::Resource`].
    Resource,
    /// See [`Screen::Timeline`].
    Timeline,
    /// See [`Screen::Logs`].
    Logs,
    /// See [`Screen::Compare`].
    Compare,
    /// See [`Screen::Runbooks`].
    Runbooks,
    /// See [`Screen::Run`].
    Run,
    /// See [`Screen::Records`].
    Records,
    /// See [`Screen::Help`].
    Help,
    /// See [`Screen::Describe`].
    Describe,
    /// See [`Screen::Messages`].
    Messages,
}

impl ScreenKind {
    /// All of them.
    pub const ALL: &[Self] = &[
        Self::Wall,
        Self::Signal,
        Self::Alarms,
        Self::Connections,
        Self::Environment,
        Self::Resource,
        Self::Timeline,
        Self::Logs,
        Self::Compare,
        Self::Runbooks,
        Self::Run,
        Self::Records,
        Self::Help,
        Self::Describe,
        Self::Messages,
    ];

    /// True for a screen that lies over another one.
    pub fn is_overlay(self) -> bool {
        matches!(self, Self::Help | Self::Describe | Self::Messages)
    }

    /// Its name in titles and in the palette.
    pub fn title(self) -> &'static str {
        match self {
            Self::Wall => "wall",
            Self::Signal => "signal",
            Self::Alarms => "alarms",
            Self::Connections => "connections",
            Self::Environment => "environment",
            Self::Resource => "resource",
            Self::Timeline => "timeline",
            Self::Logs => "logs",
            Self::Compare => "compare",
            Self::Runbooks => "runbooks",
            Self::Run => "run",
            Self::Records => "records",
            Self::Help => "help",
            Self::Describe => "describe",
            Self::Messages => "messages",
        }
    }
}

impl Screen {
    /// Which kind of screen it is.
    pub fn kind(self) -> ScreenKind {
        match self {
            Self::Wall => ScreenKind::Wall,
            Self::Signal(_) => ScreenKind::Signal,
            Self::Alarms => ScreenKind::Alarms,
            Self::Connections => ScreenKind::Connections,
            Self::Environment(_) => ScreenKind::Environment,
            Self::Resource => ScreenKind::Resource,
            Self::Timeline => ScreenKind::Timeline,
            Self::Logs => ScreenKind::Logs,
            Self::Compare => ScreenKind::Compare,
            Self::Runbooks => ScreenKind::Runbooks,
            Self::Run => ScreenKind::Run,
            Self::Records => ScreenKind::Records,
            Self::Help => ScreenKind::Help,
            Self::Describe => ScreenKind::Describe,
            Self::Messages => ScreenKind::Messages,
        }
    }
}

/// The part of a screen that the keys move in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Pane {
    /// The list or the grid.
    #[default]
    Main,
    /// What is known of the selection.
    Detail,
}
