//! The describe overlay: what AWS itself says of one resource, as JSON; until it answers, and where it cannot be asked,
//! what this console has read of it.

use std::borrow::Cow;

use jiff::Timestamp;
use serde::Serialize;

use crate::app::cursor::Cursor;
use crate::app::filter::Filter;
use crate::base::Text;
use crate::compare::Verdict;
use crate::inquiry::raw::{RawAnswer, RawAsked, RawPart};
use crate::model::{Change, Fault, Resource};

const ASKING: &str = "asking AWS; until it answers, as this console has read it:";
const NOT_ASKED: &str = "AWS has no operation for it; as this console has read it:";
const REFUSED: &str = "as this console has read it before, not an answer of AWS:";
const CHANGE: &str = "put together by this console, not an answer of AWS:";
const NOW: &str = "as it is now, not as it was at the past minute shown";

/// A line of the overlay.
#[derive(Debug, Clone, PartialEq)]
pub enum Line {
    /// The operation whose answer follows, and when it answered.
    Answer(Text, Timestamp),
    /// Words about what follows.
    Note(Text),
    /// Why there is no answer.
    Fault(Fault),
    /// What is true of a setting in one environment.
    Verdict(Verdict, Text),
    /// A line of JSON.
    Json(Text),
}

impl Line {
    /// What it says.
    pub fn text(&self) -> Cow<'_, str> {
        match self {
            Self::Answer(operation, _) => Cow::Borrowed(operation),
            Self::Note(text) | Self::Verdict(_, text) | Self::Json(text) => Cow::Borrowed(text),
            Self::Fault(fault) => {
                let remedy = fault.remedy.as_ref().map(|remedy| format!("; {remedy}")).unwrap_or_default();
                Cow::Owned(format!("{}: {}{remedy}", fault.kind.word(), fault.message))
            }
        }
    }
}

/// What the overlay shows.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct DescribeState {
    /// `environment · name`.
    pub title: Text,
    /// Its ARN; empty where AWS gives none.
    pub arn: Text,
    /// What AWS is asked about; `None` for what it is not asked about.
    pub about: Option<RawAsked>,
    /// The text, line by line.
    pub lines: Vec<Line>,
    /// The line at the top is `scroll.offset`.
    pub scroll: Cursor,
    /// What is looked for.
    pub search: Filter,
    /// The line that was found last.
    pub hit: Option<usize>,
}

impl DescribeState {
    /// Everything known of `resource` of the environment called `label`, while AWS is asked.
    pub fn of_resource(label: &str, resource: &Resource, about: Option<RawAsked>) -> Self {
        let note = if about.is_some() { ASKING } else { NOT_ASKED };
        Self {
            title: Text::new(format!("{label} · {}", resource.name)),
            arn: resource.arn.clone(),
            lines: noted(note, resource),
            about,
            ..Self::default()
        }
    }

    /// Everything known of a change.
    pub fn of_change(change: &Change) -> Self {
        Self {
            title: Text::new(format!("{} · {}", change.kind.word(), change.resource)),
            arn: change.arn.clone(),
            lines: noted(CHANGE, change),
            ..Self::default()
        }
    }

    /// Shows the answer, where it is about what is shown. `past` when the screen below shows a past minute.
    pub fn take(&mut self, answer: RawAnswer, past: bool) {
        let Some(about) = self.about.as_ref().filter(|about| about.key() == answer.about) else { return };
        let lines = match answer.parts {
            None => noted(NOT_ASKED, &about.resource),
            Some(parts) => {
                let refused = parts.iter().all(|part| part.said.is_err());
                let mut lines: Vec<Line> = Vec::new();
                lines.extend(past.then(|| Line::Note(NOW.into())));
                for part in parts {
                    lines.extend((!lines.is_empty()).then(|| Line::Note(Text::default())));
                    lines.extend(told(part));
                }
                if refused {
                    lines.push(Line::Note(Text::default()));
                    lines.extend(noted(REFUSED, &about.resource));
                }
                lines
            }
        };
        self.lines = lines;
        self.hit = None;
    }

    /// The lines in which the words that are looked for occur.
    pub fn found(&self) -> impl DoubleEndedIterator<Item = usize> + '_ {
        let numbered = self.lines.iter().enumerate().filter(|_| !self.search.is_empty());
        numbered.filter(|(_, line)| self.search.passes(std::iter::once(&*line.text()))).map(|(index, _)| index)
    }

    /// Looks for other words, from the line at the top on.
    pub fn look_for(&mut self, search: Filter) {
        self.search = search;
        let from = self.scroll.offset;
        let next = self.found().find(|index| *index >= from);
        self.hit = next.or_else(|| self.found().next());
        self.show_hit();
    }

    /// The next line with the words, or the one before; after the last comes the first.
    pub fn go_on(&mut self, forward: bool) {
        let at = self.hit.unwrap_or(self.scroll.offset);
        self.hit = if forward {
            self.found().find(|index| *index > at).or_else(|| self.found().next())
        } else {
            self.found().rev().find(|index| *index < at).or_else(|| self.found().next_back())
        };
        self.show_hit();
    }

    /// Two lines above it stay in view.
    fn show_hit(&mut self) {
        if let Some(hit) = self.hit {
            self.scroll.offset = hit.saturating_sub(2);
        }
    }
}

/// A note and below it what this console knows.
fn noted(note: &str, known: &impl Serialize) -> Vec<Line> {
    let json = serde_json::to_string_pretty(known).unwrap_or_else(|error| error.to_string());
    std::iter::once(Line::Note(note.into())).chain(json.lines().map(|line| Line::Json(line.into()))).collect()
}

fn told(part: RawPart) -> Vec<Line> {
    let mut lines = vec![Line::Answer(part.operation, part.at)];
    match part.said {
        Ok(said) => lines.extend(said.into_iter().map(Line::Json)),
        Err(fault) => lines.push(Line::Fault(fault)),
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{EnvId, FaultKind, SignalId};

    fn asked(name: &str) -> RawAsked {
        let resource = Resource { name: name.into(), ..Resource::default() };
        RawAsked { env: EnvId(0), signal: SignalId("rds"), resource }
    }

    fn part(operation: &str, said: Result<&[&str], FaultKind>) -> RawPart {
        let said = said.map(|lines| lines.iter().map(|line| Text::from(*line)).collect());
        let said = said.map_err(|kind| Fault::new(kind, operation.to_owned(), "no"));
        RawPart { operation: operation.into(), at: Timestamp::UNIX_EPOCH, said }
    }

    fn open() -> DescribeState {
        let asked = asked("wallet");
        DescribeState::of_resource("payments/prod", &asked.resource.clone(), Some(asked))
    }

    fn texts(state: &DescribeState) -> Vec<String> {
        state.lines.iter().map(|line| line.text().into_owned()).collect()
    }

    #[test]
    fn what_is_known_stands_there_until_aws_answers() {
        let mut state = open();
        assert_eq!(texts(&state)[0], ASKING);
        assert!(texts(&state).iter().any(|line| line.contains("\"name\": \"wallet\"")));
        let other = RawAnswer { about: asked("other").key(), parts: Some(vec![part("A", Ok(&["{}"]))]) };
        state.take(other, false);
        assert_eq!(texts(&state)[0], ASKING, "an answer about something else");
        let parts = Some(vec![part("A", Ok(&["{", "}"])), part("B", Err(FaultKind::Denied))]);
        state.take(RawAnswer { about: asked("wallet").key(), parts }, true);
        assert_eq!(texts(&state), [NOW, "", "A", "{", "}", "", "B", "denied: no"]);
    }

    #[test]
    fn without_an_answer_of_aws_it_says_that_it_is_none() {
        let mut state = open();
        state.take(RawAnswer { about: asked("wallet").key(), parts: None }, false);
        assert_eq!(texts(&state)[0], NOT_ASKED);
        let parts = Some(vec![part("B", Err(FaultKind::Denied))]);
        state.take(RawAnswer { about: asked("wallet").key(), parts }, false);
        assert_eq!(texts(&state)[..4], ["B", "denied: no", "", REFUSED]);
        assert!(texts(&state).len() > 5);
    }

    #[test]
    fn a_search_goes_on_and_begins_again() {
        let mut state = open();
        let lines: Vec<String> = (0..40).map(|line| format!("line {}", line % 10)).collect();
        let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
        let parts = Some(vec![part("A", Ok(&lines))]);
        state.take(RawAnswer { about: asked("wallet").key(), parts }, false);
        state.scroll.offset = 20;
        state.look_for(Filter::parse("LINE 3"));
        assert_eq!((state.hit, state.scroll.offset, state.found().count()), (Some(24), 22, 4));
        state.go_on(true);
        assert_eq!(state.hit, Some(34));
        state.go_on(true);
        assert_eq!(state.hit, Some(4), "from the beginning");
        state.go_on(false);
        assert_eq!(state.hit, Some(34));
        state.look_for(Filter::parse("nothing"));
        assert_eq!((state.hit, state.found().count()), (None, 0));
        state.look_for(Filter::default());
        assert_eq!((state.hit, state.found().count()), (None, 0), "without words nothing is found");
    }
}
