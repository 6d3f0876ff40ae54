//! Pieces that several views are made of.

pub mod armed;
pub mod cell;
pub mod chart;
pub mod detail;
pub mod dots;
pub mod fault;
pub mod footer;
pub mod frame;
pub mod grid;
pub mod header;
pub mod pen;
pub mod plot;
pub mod spark;
pub mod squeeze;
pub mod table;
pub mod verdict;

pub use pen::{Parts, Pen};
