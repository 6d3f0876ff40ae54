//! The runbooks that there are.

use crate::config::Problem;
use crate::config::runbook::Runbook;
use crate::guard::Trust;

/// All runbooks that can be used, and what is wrong with the others.
#[derive(Debug, Clone, Default)]
pub struct Library {
    books: Vec<Runbook>,
    problems: Vec<Problem>,
}

impl Library {
    /// Those that come with the program.
    pub fn embedded() -> Self {
        Self::default()
    }
    /// All of them.
    pub fn all(&self) -> impl Iterator<Item = &Runbook> {
        self.books.iter()
    }
    /// One.
    pub fn get(&self, id: &str) -> Option<&Runbook> {
        self.books.iter().find(|book| book.id == id)
    }
    /// What is wrong.
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }
    /// Its trust.
    pub fn trust(&self, _id: &str) -> Trust {
        Trust::BuiltIn
    }
}
