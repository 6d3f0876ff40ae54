//! What the sources have told so far, by environment and source, and how far the question has been answered.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use crate::changes::{self, Span, Told};
use crate::model::{Change, EnvId, Fault};

/// Changes kept. Beyond that the sources that told most lose their oldest ones; that is said.
pub const KEPT: usize = 5_000;

/// What has been read.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Data {
    /// Goes up with every change of what is shown.
    pub generation: u64,
    /// Counts the questions.
    pub asked: u64,
    /// When the last question was asked; `None` when one is due at once.
    pub asked_at: Option<Timestamp>,
    /// What it asked for.
    pub span: Option<Span>,
    /// Whom it asked, and how many of their sources have answered.
    pub progress: BTreeMap<EnvId, usize>,
    parts: BTreeMap<(EnvId, Option<&'static str>), Part>,
    own: Vec<Arc<Change>>,
}

/// What one source of one environment told last.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Part {
    /// Title of the source; empty for the environment as a whole.
    pub title: &'static str,
    /// The changes.
    pub changes: Vec<Arc<Change>>,
    /// What could not be read.
    pub faults: Vec<Fault>,
    /// There are more changes before this time.
    pub cut_before: Option<Timestamp>,
}

/// Sources of an environment.
pub fn sources() -> usize {
    changes::ALL.len()
}

impl Data {
    /// A question goes out: answers to earlier ones no longer count.
    pub fn ask(&mut self, envs: &[EnvId], span: Span, now: Timestamp) {
        self.asked += 1;
        self.asked_at = Some(now);
        self.span = Some(span);
        self.progress = envs.iter().map(|env| (*env, 0)).collect();
        self.parts.retain(|(env, _), _| envs.contains(env));
        self.generation += 1;
    }

    /// Takes over what `other` was told where it answers the same question: of all these environments, completely, for
    /// all of the span, asked at most `age` ago. False, and nothing taken, where it does not.
    pub fn adopt(&mut self, other: &Self, envs: &[EnvId], span: Span, age: SignedDuration) -> bool {
        let complete =
            |env: &EnvId| other.progress.get(env).is_some_and(|done| *done >= sources()) && !other.was_unasked(*env);
        let (Some(asked_at), Some(told)) = (other.asked_at, other.span) else { return false };
        // The two are asked some time apart: what begins a little later than wanted still answers.
        let covers = told.from.duration_since(span.from) <= age;
        let old = span.to.duration_since(asked_at);
        if !covers || old > age || old.is_negative() || !envs.iter().all(complete) {
            return false;
        }
        self.asked += 1;
        self.asked_at = Some(asked_at);
        self.span = Some(span);
        self.progress = envs.iter().map(|env| (*env, sources())).collect();
        let wanted = |(key, part): (&(EnvId, Option<&'static str>), &Part)| {
            let mut part = part.clone();
            part.changes.retain(|change| span.from <= change.at);
            part.cut_before = part.cut_before.filter(|before| span.from < *before);
            (*key, part)
        };
        self.parts = other.parts.iter().filter(|((env, _), _)| envs.contains(env)).map(wanted).collect();
        self.generation += 1;
        true
    }

    /// Forgets everything told.
    pub fn clear(&mut self) {
        self.parts.clear();
        self.progress.clear();
        self.asked_at = None;
        self.span = None;
        // Answers that are on their way belong to something else.
        self.asked += 1;
        self.generation += 1;
    }

    /// True while answers are awaited.
    pub fn is_asking(&self) -> bool {
        self.asked_at.is_some() && self.progress.values().any(|done| *done < sources())
    }

    /// Takes an answer in; one to an earlier question is ignored. What failed keeps what was known before.
    pub fn take(&mut self, told: Told) {
        if told.asked != self.asked || !self.progress.contains_key(&told.env) {
            return;
        }
        if let Some(done) = self.progress.get_mut(&told.env) {
            *done = if told.source.is_none() { sources() } else { *done + 1 };
        }
        if told.source.is_some() {
            self.parts.remove(&(told.env, None));
        }
        let part = self.parts.entry((told.env, told.source)).or_default();
        part.title = told.title;
        part.faults = told.faults;
        if !told.failed {
            part.changes = told.changes;
            part.cut_before = told.cut_before;
        }
        self.trim();
        self.generation += 1;
    }

    /// Takes in what was done from here, as the records tell; it replaces what was known of that.
    pub fn take_own(&mut self, own: &[Arc<Change>]) {
        if self.own != own {
            self.own = own.to_vec();
            self.generation += 1;
        }
    }

    /// Every change of the question's time that is known, with those that were made from here.
    pub fn changes(&self) -> impl Iterator<Item = (EnvId, &Arc<Change>)> {
        let told = self.parts().flat_map(|(env, part)| part.changes.iter().map(move |change| (env, change)));
        let asked = |change: &&Arc<Change>| {
            self.progress.contains_key(&change.env) && self.span.is_none_or(|span| span.from <= change.at)
        };
        told.chain(self.own.iter().filter(asked).map(|change| (change.env, change)))
    }

    /// What every source told, by environment and in the order of the sources' ids.
    pub fn parts(&self) -> impl Iterator<Item = (EnvId, &Part)> {
        self.parts.iter().map(|((env, _), part)| (*env, part))
    }

    /// What one source told of an environment, where it has answered.
    pub fn part(&self, env: EnvId, source: &str) -> Option<&Part> {
        self.parts.iter().find(|((of, id), _)| *of == env && *id == Some(source)).map(|(_, part)| part)
    }

    /// True where an environment could not be asked at all.
    pub fn was_unasked(&self, env: EnvId) -> bool {
        self.parts.contains_key(&(env, None))
    }

    /// Keeps [`KEPT`] changes: a limit for each source, as high as it can be, so that few of many alarms are lost
    /// rather than the one deployment.
    fn trim(&mut self) {
        let total: usize = self.parts.values().map(|part| part.changes.len()).sum();
        if total <= KEPT {
            return;
        }
        let mut sizes: Vec<usize> = self.parts.values().map(|part| part.changes.len()).collect();
        sizes.sort_unstable();
        let (mut room, mut left) = (KEPT, sizes.len());
        for size in sizes {
            if size > room / left.max(1) {
                break;
            }
            room -= size;
            left -= 1;
        }
        let most = room / left.max(1);
        for part in self.parts.values_mut().filter(|part| part.changes.len() > most) {
            // The sources tell the newest first.
            part.changes.truncate(most);
            part.cut_before = part.cut_before.max(part.changes.last().map(|change| change.at));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{ChangeKind, FaultKind};

    fn at(second: usize) -> Timestamp {
        Timestamp::from_second(i64::try_from(second).unwrap()).unwrap()
    }

    fn told(asked: u64, source: &'static str, count: usize) -> Told {
        let change = |second| Arc::new(Change::new(at(second), EnvId(0), ChangeKind::Alarm, source));
        Told {
            asked,
            env: EnvId(0),
            source: Some(source),
            title: source,
            changes: (0..count).rev().map(change).collect(),
            faults: Vec::new(),
            failed: false,
            cut_before: None,
        }
    }

    fn asking() -> Data {
        let mut data = Data::default();
        data.ask(&[EnvId(0)], Span { from: at(0), to: at(9) }, at(9));
        data
    }

    fn sizes(data: &Data) -> Vec<usize> {
        data.parts().map(|(_, part)| part.changes.len()).collect()
    }

    #[test]
    fn a_flood_of_one_source_costs_no_other_source_anything() {
        let mut data = asking();
        data.take(told(1, "alarms", 10_000));
        data.take(told(1, "ecs", 3));
        assert_eq!(sizes(&data), [KEPT - 3, 3]);
        let cut = data.parts().next().unwrap().1.cut_before;
        assert_eq!(cut, Some(at(10_000 - (KEPT - 3))));
    }

    #[test]
    fn late_answers_do_not_count_and_failures_keep_what_was_known() {
        let mut data = asking();
        data.take(told(0, "alarms", 2));
        assert_eq!(sizes(&data), [0; 0]);
        data.take(told(1, "alarms", 2));
        data.ask(&[EnvId(0)], Span { from: at(0), to: at(9) }, at(9));
        let fault = Fault::new(FaultKind::Timeout, "DescribeAlarmHistory", "late");
        data.take(Told { faults: vec![fault], failed: true, ..told(2, "alarms", 0) });
        let (_, part) = data.parts().next().unwrap();
        assert_eq!((part.changes.len(), part.faults.len()), (2, 1));
    }

    #[test]
    fn what_another_screen_was_told_is_taken_over_only_where_it_answers_the_question() {
        let span = |from| Span { from: at(from), to: at(1_000) };
        let minute = SignedDuration::from_secs(60);
        let mut other = Data::default();
        other.ask(&[EnvId(0)], span(100), at(990));
        let mut data = Data::default();
        assert!(!data.adopt(&other, &[EnvId(0)], span(500), minute), "it has not been answered");
        changes::ALL.iter().for_each(|source| other.take(told(1, source.id(), 901)));
        assert!(!data.adopt(&other, &[EnvId(0), EnvId(1)], span(500), minute), "the other environment is missing");
        assert!(!data.adopt(&other, &[EnvId(0)], span(1), minute), "it does not go back as far");
        assert!(data.adopt(&other, &[EnvId(0)], span(500), minute) && !data.is_asking());
        assert_eq!(sizes(&data), [401; 9], "what is older is left out");
        let later = Span { from: at(500), to: at(1_100) };
        assert!(!data.adopt(&other, &[EnvId(0)], later, minute), "it is too old");
    }

    #[test]
    fn what_was_done_from_here_stands_among_the_changes_of_the_time_that_was_asked_for() {
        let own = |env, second| Arc::new(Change::new(at(second), EnvId(env), ChangeKind::Action, "live"));
        let mut data = Data::default();
        data.take_own(&[own(0, 2), own(0, 700), own(1, 800)]);
        data.ask(&[EnvId(0)], Span { from: at(500), to: at(1_000) }, at(1_000));
        data.take(told(1, "alarms", 1));
        let seen: Vec<(EnvId, Timestamp)> = data.changes().map(|(env, change)| (env, change.at)).collect();
        assert_eq!(seen, [(EnvId(0), at(0)), (EnvId(0), at(700))]);
        let generation = data.generation;
        data.take_own(&[own(0, 2), own(0, 700), own(1, 800)]);
        assert_eq!(data.generation, generation, "nothing new");
    }

    #[test]
    fn it_is_answered_when_every_source_has_told() {
        let mut data = asking();
        for source in changes::ALL {
            assert!(data.is_asking());
            data.take(told(1, source.id(), 1));
        }
        assert!(!data.is_asking());
    }
}
