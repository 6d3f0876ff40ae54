//! AWS's timestamps as ours.

use aws_smithy_types::DateTime;
use jiff::Timestamp;

/// The same moment; `None` outside the years that can be shown.
pub fn moment(at: &DateTime) -> Option<Timestamp> {
    Timestamp::new(at.secs(), i32::try_from(at.subsec_nanos()).unwrap_or(0)).ok()
}

/// The same moment for a request, to the second: requests need no more.
pub fn date_time(at: Timestamp) -> DateTime {
    DateTime::from_secs(at.as_second())
}
