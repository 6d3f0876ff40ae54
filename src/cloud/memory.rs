//! What a session keeps of answers that change rarely, where asking for all of them every time would be too many calls.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// One resource's answer: names and values as AWS gave them.
pub type Attributes = HashMap<String, String>;

/// Answers by resource, with the round in which each was given.
#[derive(Debug, Default)]
pub struct Memory(Mutex<Rounds>);

#[derive(Debug, Default)]
struct Rounds {
    round: u64,
    known: HashMap<String, (u64, Attributes)>,
}

impl Memory {
    /// Begins a round over exactly these resources and says which of them to ask about: all of which nothing is known,
    /// and at least `least` in all, the longest known first. What is not among `resources` is forgotten.
    pub fn due(&self, resources: &[String], least: usize) -> Vec<String> {
        let mut rounds = self.lock();
        rounds.round += 1;
        let mut kept: HashMap<String, (u64, Attributes)> = HashMap::with_capacity(resources.len());
        let mut all: Vec<(u64, &String)> = Vec::with_capacity(resources.len());
        for resource in resources {
            let known = rounds.known.remove(resource);
            all.push((known.as_ref().map_or(0, |(round, _)| *round), resource));
            kept.extend(known.map(|known| (resource.clone(), known)));
        }
        rounds.known = kept;
        all.sort();
        let unknown = all.iter().take_while(|(round, _)| *round == 0).count();
        all.into_iter().take(unknown.max(least)).map(|(_, resource)| resource.clone()).collect()
    }

    /// Keeps an answer.
    pub fn learn(&self, resource: &str, answer: Attributes) {
        let mut rounds = self.lock();
        let round = rounds.round;
        rounds.known.insert(resource.to_owned(), (round, answer));
    }

    /// What was last answered; `None` where nothing ever was.
    pub fn recall(&self, resource: &str) -> Option<Attributes> {
        self.lock().known.get(resource).map(|(_, answer)| answer.clone())
    }

    /// A resource of the last round that is wanted.
    pub fn find(&self, wanted: impl Fn(&str) -> bool) -> Option<String> {
        self.lock().known.keys().filter(|resource| wanted(resource)).min().cloned()
    }

    /// Forgets a resource that is not there any more.
    pub fn forget(&self, resource: &str) {
        self.lock().known.remove(resource);
    }

    fn lock(&self) -> MutexGuard<'_, Rounds> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(range: std::ops::Range<usize>) -> Vec<String> {
        range.map(|number| format!("q{number:03}")).collect()
    }

    #[test]
    fn everything_new_is_asked_and_the_rest_in_turn() {
        let memory = Memory::default();
        let all = names(0..10);
        assert_eq!(memory.due(&all, 4), all, "nothing is known");
        all.iter().for_each(|name| memory.learn(name, Attributes::new()));
        let mut asked = Vec::new();
        for _ in 0..3 {
            let due = memory.due(&all, 4);
            assert_eq!(due.len(), 4);
            due.iter().for_each(|name| memory.learn(name, Attributes::new()));
            asked.extend(due);
        }
        asked.sort();
        asked.dedup();
        assert_eq!(asked, all, "every one had its turn");
    }

    #[test]
    fn what_has_gone_is_forgotten_and_what_failed_is_asked_again() {
        let memory = Memory::default();
        memory.due(&names(0..3), 1);
        memory.learn("q000", Attributes::from([("a".into(), "b".into())]));
        assert_eq!(memory.due(&names(0..3), 1), ["q001", "q002"]);
        assert!(memory.recall("q000").is_some() && memory.recall("q001").is_none());
        memory.due(&names(1..3), 1);
        assert!(memory.recall("q000").is_none());
    }
}
