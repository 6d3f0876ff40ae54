//! The keys: one table of actions feeds the bindings, the help, the footer, the palette and the configuration.

mod action;
mod bindings;
mod notation;
mod table;

pub use action::{Action, Group};
pub use bindings::{FooterItem, HelpItem, HelpSection, KeyProblem, Keymap};
pub use notation::{Key, parse_key};
pub use table::{ACTIONS, ActionInfo, action_names};

#[cfg(test)]
mod tests;
