//! DescribeTaskDefinition for the revisions of some deployments, each once in a run of the program.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use crate::changes::ecs::rollout::Rollout;
use crate::changes::memory::Memory;
use crate::changes::task_definition::TaskDefinition;
use crate::cloud::Session;
use crate::model::{Fault, FaultKind};
use crate::signals::paging::each;

/// Task definitions that one reading asks for; the newest deployments' come first.
const MOST: usize = 60;

/// Revisions by ARN.
pub type Revisions = HashMap<String, Arc<TaskDefinition>>;

/// Reads the revisions of these deployments and those before them. The fault is of what could not be read.
pub async fn read(
    session: &Session,
    memory: &Memory,
    rollouts: &[Rollout],
) -> Result<(Revisions, Option<Fault>), Fault> {
    let mut newest: Vec<&Rollout> = rollouts.iter().collect();
    newest.sort_by_key(|rollout| std::cmp::Reverse(rollout.at));
    let mut revisions = Revisions::new();
    let mut wanted: Vec<String> = Vec::new();
    let mut seen = BTreeSet::new();
    for arn in newest.iter().flat_map(|rollout| [Some(&rollout.to), rollout.from.as_ref()]).flatten() {
        match memory.task_definition(arn) {
            Some(known) => {
                revisions.insert(arn.clone(), known);
            }
            None if seen.insert(arn.clone()) => wanted.push(arn.clone()),
            None => {}
        }
    }
    let unread = wanted.len().saturating_sub(MOST);
    wanted.truncate(MOST);
    let described = each(wanted, |arn| describe(session, arn), |_, _| None).await?;
    for (arn, definition) in described.found {
        let definition = Arc::new(definition);
        memory.keep_task_definition(&arn, Arc::clone(&definition));
        revisions.insert(arn, definition);
    }
    let fault = described.fault.or_else(|| {
        (unread > 0).then(|| {
            let message = format!("{unread} task definitions are left for the next time");
            Fault::new(FaultKind::Throttled, "DescribeTaskDefinition", message)
        })
    });
    Ok((revisions, fault))
}

async fn describe(session: &Session, arn: String) -> Result<Option<(String, TaskDefinition)>, Fault> {
    match session.ecs().describe_task_definition().task_definition(&arn).send().await {
        Ok(answer) => Ok(answer.task_definition().map(|found| (arn.clone(), TaskDefinition::new(&arn, found)))),
        // ECS answers ClientException for a revision that was deleted or never was (ECS API Reference).
        Err(error) if error.as_service_error().is_some_and(|error| error.is_client_exception()) => Ok(None),
        Err(error) => Err(session.fault("DescribeTaskDefinition", &error)),
    }
}
