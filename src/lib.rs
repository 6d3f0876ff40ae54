//! watchfloor: a terminal operations console for AWS on-call engineers.
//!
//! The modules are layers. A module uses only modules above it in this list (`tests/architecture.rs` holds that):
//!
//! | layer | is |
//! |---|---|
//! | [`base`] | ids, clock, untrusted text, redaction |
//! | [`model`] | plain data: environment, severity, reading, series, resource, fault |
//! | [`config`] | schema, loading, validation, themes, keys |
//! | [`cloud`] | AWS access: session per environment, clients, identity, call meter, one mapping to `Fault` |
//! | [`signals`] | one file per signal and one ordered list |
//! | [`changes`] | what changed: one file per source and one ordered list, and the ranking of suspects |
//! | [`guard`] | the rules between a person and a mutation; sole maker of what may be sent |
//! | [`actions`] | one file per action and one ordered list |
//! | [`poll`] | cadence, jitter, coalescing, back-off, metric broker, last-wall cache |
//! | [`compare`] | configuration side by side: inventories, matrix, verdicts, manifest |
//! | [`inquiry`] | questions asked because the operator looks at something |
//! | [`runbook`] | runs: state machine, driver, records, locks, obligations |
//! | [`app`] | state, message, update (pure), keymap |
//! | [`ui`] | styles, layout, widgets, views: pure functions of the state |
//! | [`shell`] | terminal guard, input, event loop, effect executor, clipboard, logging |
//! | [`drill`] | the embedded estate: world, dynamics, scenarios, service adapters, loopback server |
//! | [`cli`] | one file per command |

pub mod base;
pub mod model;

pub mod config;

pub mod cloud;

pub mod signals;

pub mod changes;

pub mod guard;

pub mod actions;

pub mod poll;

pub mod compare;

pub mod inquiry;

pub mod runbook;

pub mod app;

pub mod ui;

pub mod shell;

pub mod drill;

pub mod cli;
