//! The keys: one table of actions feeds the bindings, the help, the footer, the palette and the configuration.

mod bindings;
mod notation;
mod table;

pub use bindings::{FooterItem, HelpItem, HelpSection, KeyProblem, Keymap};
pub use notation::{Key, parse_key};
pub use table::{ACTIONS, Action, ActionInfo, Group, action_names};

#[cfg(test)]
mod tests;
