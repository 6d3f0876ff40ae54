//! What a piece of the screen is, as themes call it.

macro_rules! roles {
    ($($(#[$doc:meta])+ $role:ident = $name:literal,)+) => {
        /// What a piece of the screen is. Themes give looks to roles; views name roles and never colours.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Role {
            $($(#[$doc])+ $role,)+
        }

        impl Role {
            /// Every role.
            pub const ALL: &'static [Self] = &[$(Self::$role,)+];

            /// Its name in theme files.
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$role => $name,)+
                }
            }
        }
    };
}

roles! {
    /// Ordinary text, and the background of the whole screen.
    Text = "text",
    /// Text of less weight: units, hints, ages.
    Dim = "dim",
    /// What should be noticed without being bad.
    Accent = "accent",
    /// Lines around and between panes.
    Border = "border",
    /// The border of the pane that has the keys.
    Focus = "focus",
    /// Titles of panes and columns.
    Title = "title",
    /// The top line.
    Header = "header",
    /// The bottom line.
    Footer = "footer",
    /// A key in the footer and the help.
    Key = "key",
    /// The selected cell or row.
    Selected = "selected",
    /// The characters that a search matched.
    Match = "match",
    /// A line that is typed into.
    Input = "input",
    /// What lies over the screen: help, palette, dialogs.
    Overlay = "overlay",
    /// Severity ok.
    Ok = "ok",
    /// Severity warning.
    Warning = "warning",
    /// Severity critical.
    Critical = "critical",
    /// Severity unknown.
    Unknown = "unknown",
    /// There is no such resource.
    Absent = "absent",
    /// A value past its age.
    Stale = "stale",
    /// A severity that has just changed.
    Flash = "flash",
    /// A development environment.
    Development = "development",
    /// A staging environment.
    Staging = "staging",
    /// A production environment: unmistakable.
    Production = "production",
    /// Lines and bars of charts.
    Chart = "chart",
    /// A threshold drawn into a chart.
    Threshold = "threshold",
}
