//! The log as a whole: what it keeps, what it finds, what it comes to.
mod aside;
mod damage;
mod folds;
mod together;
mod writing;
