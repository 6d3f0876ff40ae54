//! Making the shared table, as far as it is not there: can be done any number of times.

use std::time::Duration;

use crate::cloud::SharedTable;
use crate::model::{Fault, FaultKind};

/// Between two looks whether the table can be used.
const PAUSE: Duration = Duration::from_secs(2);
/// How often is looked: DynamoDB needs some seconds for a table.
const LOOKS: usize = 90;

/// Makes and sets up the table; `says` is told each step as it is done.
///
/// # Errors
/// A step failed; those before stay done.
pub async fn init(table: &SharedTable, mut says: impl FnMut(String)) -> Result<(), Fault> {
    let (name, region) = (table.name(), table.region());
    let identity = table.verify_identity().await?;
    match table.standing().await? {
        Some(_) => says(format!("table {name} is in {region} of account {} already", identity.account)),
        None => {
            table.create().await?;
            says(format!("made table {name} in {region} of account {}, paid by request", identity.account));
        }
    }
    wait(table).await?;
    says(match table.ensure_expiry().await? {
        true => "switched on that ended locks and old approvals are removed".to_owned(),
        false => "ended locks and old approvals are removed already".to_owned(),
    });
    says(match table.ensure_backups().await? {
        true => "switched on that it can be restored to any second of the last 35 days".to_owned(),
        false => "it can be restored to any second of the last 35 days already".to_owned(),
    });
    Ok(())
}

async fn wait(table: &SharedTable) -> Result<(), Fault> {
    let invalid = |says: &str| Fault::new(FaultKind::Invalid, "DescribeTable", says);
    for look in 0..LOOKS {
        if look > 0 {
            tokio::time::sleep(PAUSE).await;
        }
        match table.standing().await? {
            Some(standing) if !standing.fits => {
                return Err(invalid("its keys are not `pk` and `sk`, both text: this is a table for something else"));
            }
            Some(standing) if standing.active => return Ok(()),
            // Just made, it may not be seen everywhere yet.
            Some(_) | None => {}
        }
    }
    Err(Fault::new(FaultKind::Timeout, "DescribeTable", "the table does not become ACTIVE"))
}
