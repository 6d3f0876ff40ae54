//! An outcome that nobody knows, in the form that all of them have: when it was sent, what came back, what AWS shows
//! now, that nothing is sent again, and what can be done.

use jiff::Timestamp;

use crate::base::Text;
use crate::model::Sent;
use crate::runbook::audit::Open;
use crate::runbook::machine::Run;

/// Of a run that is finding out, or that ended before it knew; `None` where nothing is unknown.
pub fn of_run(run: &Run) -> Option<String> {
    let sending = run.last_sending().filter(|sending| sending.applied.is_none())?;
    let came = match &sending.sent {
        Some(Sent::Unknown { fault } | Sent::Rejected { fault }) => fault.to_string(),
        Some(Sent::Accepted { .. }) => return None,
        None => return None,
    };
    let shows = run.seen.last().map(|seen| &seen.says);
    Some(line(sending.at, &came, shows, &run.id))
}

/// Of an intent that an earlier start left behind, with what was read of its target.
pub fn of_open(open: &Open, says: &Text) -> String {
    let came = open.fault.as_ref().map_or("no outcome is on record".to_owned(), ToString::to_string);
    line(open.at, &came, Some(says), &open.run)
}

fn line(at: Timestamp, came: &str, shows: Option<&Text>, run: &str) -> String {
    let shows = match shows {
        Some(says) => format!("AWS now shows {}", says.trim_end_matches('.')),
        None => "AWS has not been read since".to_owned(),
    };
    let at = at.strftime("%H:%M:%SZ");
    let (came, next) = (came.trim_end_matches('.'), format!("watchfloor audit resolve {run}"));
    format!(
        "UNKNOWN  sent {at}, {came}. {shows}. Nothing will be sent again.  Every start reads it again; a person \
         decides with {next} --applied|--not-applied --reason \"…\""
    )
}
