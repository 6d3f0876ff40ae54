//! Answers to questions: each goes to the screen that asked. One that nobody waits for any more is ignored.

use crate::app::effect::Effect;
use crate::app::state::App;
use crate::app::update::{changes, compare, describe, inquiries, logs, past, resource};
use crate::inquiry::Answer;

/// Takes an answer in.
pub fn answer(app: &mut App, answer: Answer) -> Vec<Effect> {
    match answer {
        Answer::Past(told) => past::told(app, *told),
        Answer::Changes(told) => changes::told(app, told),
        Answer::Charts(answer) => resource::metrics(app, *answer),
        Answer::Logs(answer) => {
            logs::told(app, *answer);
            return inquiries::questions(app);
        }
        Answer::Compare(answer) => compare::told(app, *answer),
        Answer::Raw(answer) => describe::told(app, *answer),
    }
    Vec::new()
}
