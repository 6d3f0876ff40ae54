//! The keys in force: the table's defaults with the configuration's changes, without conflicts.

use std::collections::{BTreeMap, HashMap};
use std::fmt;

use crossterm::event::KeyEvent;

use crate::app::keymap::action::{Action, Group};
use crate::app::keymap::notation::{Key, parse_key};
use crate::app::keymap::table::{ACTIONS, ActionInfo};
use crate::app::screen::ScreenKind;

/// The keys in force.
#[derive(Debug, Clone, PartialEq)]
pub struct Keymap {
    /// One entry for each line of the table, in its order.
    keys: Vec<Vec<Key>>,
    /// Indices into the table; several where screens differ.
    by_key: HashMap<Key, Vec<usize>>,
}

/// A line of the configuration's `keys` that cannot be followed; the default stays in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeyProblem {
    /// No such action.
    UnknownAction {
        /// As written.
        name: String,
        /// The name that was probably meant.
        nearest: Option<&'static str>,
    },
    /// Not a key.
    NotAKey {
        /// The action.
        action: String,
        /// As written.
        notation: String,
    },
    /// The key already does something else on the same screen.
    Taken {
        /// The action.
        action: String,
        /// The key.
        notation: String,
        /// The action that has it.
        by: &'static str,
    },
    /// `quit` stays on `ctrl-c`.
    Fixed,
}

impl fmt::Display for KeyProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownAction { name, nearest: Some(nearest) } => {
                write!(f, "keys: there is no action `{name}`; did you mean `{nearest}`?")
            }
            Self::UnknownAction { name, nearest: None } => write!(f, "keys: there is no action `{name}`"),
            Self::NotAKey { action, notation } => {
                write!(f, "keys: `{notation}` for `{action}` is not a key; write for example `x`, `ctrl-r` or `f5`")
            }
            Self::Taken { action, notation, by } => {
                write!(f, "keys: `{notation}` for `{action}` already is the key of `{by}`")
            }
            Self::Fixed => f.write_str("keys: `quit` always is `ctrl-c`"),
        }
    }
}

/// A key in the footer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FooterItem {
    /// What it does.
    pub action: Action,
    /// The key as shown.
    pub key: String,
    /// A short word.
    pub word: &'static str,
    /// The lowest is the last to go when there is little room.
    pub rank: u8,
}

/// Some lines of the help.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HelpSection {
    /// What the actions have in common.
    pub title: &'static str,
    /// One for each action.
    pub items: Vec<HelpItem>,
}

/// One action in the help.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HelpItem {
    /// What it does.
    pub action: Action,
    /// Its keys as shown.
    pub keys: Vec<String>,
    /// What it does, in words.
    pub help: &'static str,
}

impl Default for Keymap {
    fn default() -> Self {
        Self::new(&BTreeMap::new()).0
    }
}

impl Keymap {
    /// The defaults with `overrides` (action name → key, or several keys with spaces between) and what is wrong with
    /// these. A key that another action has is refused, unless the configuration takes it away from that action.
    pub fn new(overrides: &BTreeMap<String, String>) -> (Self, Vec<KeyProblem>) {
        let mut problems = Vec::new();
        let mut keys: Vec<Vec<Key>> = ACTIONS.iter().map(defaults).collect();
        let mut wanted: Vec<(usize, &str)> = Vec::new();
        for (name, notation) in overrides {
            match ACTIONS.iter().position(|info| info.name == name) {
                Some(index) if ACTIONS[index].action == Action::Quit => problems.push(KeyProblem::Fixed),
                Some(index) => wanted.push((index, notation)),
                None => problems.push(KeyProblem::UnknownAction { name: name.clone(), nearest: nearest(name) }),
            }
        }
        let mut parsed: Vec<(usize, Vec<Key>)> = Vec::new();
        for (index, notation) in wanted {
            match notation.split_whitespace().map(parse_key).collect::<Option<Vec<Key>>>() {
                Some(chosen) if !chosen.is_empty() => parsed.push((index, chosen)),
                _ => {
                    problems.push(KeyProblem::NotAKey { action: ACTIONS[index].name.into(), notation: notation.into() })
                }
            }
        }
        for (index, _) in &parsed {
            keys[*index].clear();
        }
        for (index, chosen) in parsed {
            let taken = chosen.iter().find_map(|key| {
                let by = (0..ACTIONS.len())
                    .find(|other| *other != index && overlap(*other, index) && keys[*other].contains(key))?;
                Some((key, by))
            });
            match taken {
                None => keys[index] = chosen,
                Some((key, by)) => {
                    problems.push(KeyProblem::Taken {
                        action: ACTIONS[index].name.into(),
                        notation: key.to_string(),
                        by: ACTIONS[by].name,
                    });
                    let free =
                        |key: &Key| !(0..ACTIONS.len()).any(|other| overlap(other, index) && keys[other].contains(key));
                    keys[index] = defaults(&ACTIONS[index]).into_iter().filter(free).collect();
                }
            }
        }
        (Self::of(keys), problems)
    }

    fn of(keys: Vec<Vec<Key>>) -> Self {
        let mut by_key: HashMap<Key, Vec<usize>> = HashMap::new();
        for (index, keys) in keys.iter().enumerate() {
            for key in keys {
                by_key.entry(*key).or_default().push(index);
            }
        }
        Self { keys, by_key }
    }

    /// What a key does on a screen.
    pub fn action(&self, event: KeyEvent, screen: ScreenKind) -> Option<Action> {
        let candidates = self.by_key.get(&Key::from(event))?;
        candidates.iter().map(|index| &ACTIONS[*index]).find(|info| info.works_on(screen)).map(|info| info.action)
    }

    /// The keys of an action as shown.
    pub fn keys_of(&self, action: Action) -> Vec<String> {
        let index = ACTIONS.iter().position(|info| info.action == action);
        index.map(|index| self.keys[index].iter().map(Key::to_string).collect()).unwrap_or_default()
    }

    /// What the footer offers on a screen, the most important first: in the `past`, ways through it and out of it. An
    /// action without a key is left out.
    pub fn footer(&self, screen: ScreenKind, past: bool) -> Vec<FooterItem> {
        let mut items: Vec<FooterItem> = ACTIONS
            .iter()
            .zip(&self.keys)
            .filter(|(info, _)| info.works_on(screen))
            .filter_map(|(info, keys)| {
                let (rank, word) = match (info.action, screen) {
                    (Action::Back, _) if past => (0, "now"),
                    (Action::Earlier, _) if past => (0, "earlier"),
                    (Action::Later, _) if past => (0, "later"),
                    (Action::Compare, ScreenKind::Compare) => return None,
                    (Action::Attention, ScreenKind::Compare) => (2, "all"),
                    (Action::Refresh, ScreenKind::Compare) => (3, "read again"),
                    // What comes of a log is mostly too much.
                    (Action::Filter, ScreenKind::Logs) => (2, info.footer?.1),
                    (Action::NextPane, ScreenKind::Run) => (7, "next run"),
                    (Action::Records, ScreenKind::Records) => return None,
                    // Nothing else on the screen tells how to get to the other parts of the resource.
                    (Action::NextPane, ScreenKind::Resource) => (3, info.footer?.1),
                    (Action::Leave, ScreenKind::Wall) => (info.footer?.0, "quit"),
                    _ => info.footer?,
                };
                Some(FooterItem { action: info.action, key: keys.first()?.to_string(), word, rank })
            })
            .collect();
        items.sort_by_key(|item| item.rank);
        items
    }

    /// Everything that can be done on a screen.
    pub fn help(&self, screen: ScreenKind) -> Vec<HelpSection> {
        let items = |group: Group| {
            let here = ACTIONS.iter().zip(&self.keys).filter(|(info, _)| info.group == group && info.works_on(screen));
            here.map(|(info, keys)| HelpItem {
                action: info.action,
                keys: keys.iter().map(Key::to_string).collect(),
                help: info.help,
            })
            .collect::<Vec<_>>()
        };
        Group::ALL
            .iter()
            .map(|group| HelpSection { title: group.title(), items: items(*group) })
            .filter(|section| !section.items.is_empty())
            .collect()
    }
}

fn defaults(info: &ActionInfo) -> Vec<Key> {
    info.keys.iter().filter_map(|notation| parse_key(notation)).collect()
}

fn overlap(a: usize, b: usize) -> bool {
    ScreenKind::ALL.iter().any(|screen| ACTIONS[a].works_on(*screen) && ACTIONS[b].works_on(*screen))
}

fn nearest(name: &str) -> Option<&'static str> {
    let close = ACTIONS.iter().map(|info| (strsim::jaro_winkler(name, info.name), info.name));
    close.filter(|(score, _)| *score > 0.8).max_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, name)| name)
}
