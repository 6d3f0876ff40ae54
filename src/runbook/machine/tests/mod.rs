//! The machine alone: what it asks for, in which order, and what it never does.
mod asking;
mod faults;
mod later;
mod order;
mod random;
mod support;
mod undoing;
