//! State, message, update (pure), keymap. Nothing here draws, waits or asks AWS.
//!
//! The shell passes every [`Message`] to [`update::update`], executes the [`Effect`]s it returns, and, after draining
//! the queue, calls [`App::settle`] once before it draws. The views read `&App` and give back a [`HitMap`].

mod armed;
mod asked;
pub mod console;
pub mod counts;
pub mod cursor;
pub mod derived;
pub mod dialog;
pub mod drift;
pub mod effect;
pub mod eyes;
pub mod filter;
pub mod fleet;
pub mod guarded;
pub mod hit;
pub mod keymap;
pub mod message;
pub mod notice;
pub mod palette;
pub mod past;
pub mod scope;
pub mod screen;
pub mod screens;
pub mod select;
mod settle;
pub mod shown;
pub mod state;
pub mod update;

pub use counts::Counts;
pub use cursor::{Cursor, Followed};
pub use derived::Derived;
pub use dialog::Dialog;
pub use effect::Effect;
pub use filter::Filter;
pub use fleet::{Cell, EnvironmentState, Fleet, SignalInfo};
pub use guarded::{Guarded, OwnRun};
pub use hit::{DialogDrawn, HitMap, Target};
pub use keymap::{Action, Keymap};
pub use message::{CachedReading, Message};
pub use notice::{Notice, NoticeLevel, Notices};
pub use palette::Palette;
pub use scope::Scope;
pub use screen::{Pane, Screen, ScreenKind};
pub use select::Selected;
pub use shown::{Freshness, effective_severity};
pub use state::{App, FilterInput, Paused, Settings, Typing};
pub use update::{update, update_all};
