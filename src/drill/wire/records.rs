//! What RDS and ElastiCache ask for in the same way: pages of records, and the time of events.

use jiff::{SignedDuration, Timestamp};

use super::{ApiError, Ask};

/// Bounds of `MaxRecords` and what it is where a client names none.
const LEAST: i64 = 20;
const MOST: i64 = 100;
/// Minutes of events where a client names no time.
const MINUTES: i64 = 60;

/// A parameter with a value that the service does not take.
pub fn invalid(message: impl Into<String>) -> ApiError {
    ApiError::bad("InvalidParameterValue", message)
}

/// A page by `MaxRecords` and `Marker`, and the marker of the next one.
pub fn page<T>(ask: &Ask<'_>, all: Vec<T>, filter: &str) -> Result<(Vec<T>, Option<String>), ApiError> {
    let asked = ask.input.int("MaxRecords").unwrap_or(MOST);
    let size = usize::try_from(asked).ok().filter(|_| (LEAST..=MOST).contains(&asked));
    let size = size
        .ok_or_else(|| invalid(format!("Invalid value {asked} for MaxRecords. Must be between {LEAST} and {MOST}")))?;
    let page = ask.page(all, size, ask.input.text("Marker"), filter).map_err(|_| invalid("Marker is not valid."))?;
    Ok((page.items, page.next))
}

/// Which events are asked for.
pub struct Wanted<'a> {
    /// Kind of source.
    pub kind: Option<&'a str>,
    /// Name of the source.
    pub id: Option<&'a str>,
    from: Timestamp,
    to: Timestamp,
}

impl<'a> Wanted<'a> {
    /// From `SourceType`, `SourceIdentifier`, `StartTime`, `EndTime` and `Duration` in minutes.
    pub fn read(ask: &Ask<'a>) -> Result<Self, ApiError> {
        let input = ask.input;
        let (kind, id) = (input.text("SourceType"), input.text("SourceIdentifier"));
        if id.is_some() && kind.is_none() {
            let message = "SourceType must be specified when SourceIdentifier is provided.";
            return Err(ApiError::bad("InvalidParameterCombination", message));
        }
        for name in ["StartTime", "EndTime"] {
            if input.has(name) && input.time(name).is_none() {
                return Err(invalid(format!("{name} is not a valid timestamp.")));
            }
        }
        let duration = SignedDuration::from_mins(input.int("Duration").unwrap_or(MINUTES).clamp(1, 20_160));
        let later = |time: Timestamp| time.checked_add(duration).unwrap_or(Timestamp::MAX);
        let to = input.time("EndTime").unwrap_or_else(|| match input.time("StartTime") {
            Some(start) if input.has("Duration") => later(start),
            _ => ask.now,
        });
        let from = input.time("StartTime").unwrap_or_else(|| to.checked_sub(duration).unwrap_or(Timestamp::MIN));
        if from > to {
            return Err(ApiError::bad("InvalidParameterCombination", "StartTime must be before EndTime."));
        }
        Ok(Self { kind, id, from, to: to.min(ask.now) })
    }

    /// True for an event of this source and time.
    pub fn has(&self, kind: &str, id: &str, at: Timestamp) -> bool {
        self.kind.is_none_or(|wanted| wanted == kind)
            && self.id.is_none_or(|wanted| wanted == id)
            && (self.from..=self.to).contains(&at)
    }

    /// Names the list for its markers. The bounds are left out: they move with the clock where none are given.
    pub fn name(&self) -> String {
        format!("{:?}{:?}", self.kind, self.id)
    }
}
