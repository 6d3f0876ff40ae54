//! What was deployed before: service deployments where AWS keeps them, else what the service itself still shows.

use std::collections::HashMap;

use aws_sdk_ecs::types::{ServiceDeploymentBrief, ServiceDeploymentStatus};
use jiff::Timestamp;

use crate::actions::ecs::service::{Rollout, Service};
use crate::base::Text;
use crate::changes::arn::last_part;
use crate::cloud::Session;
use crate::model::Fault;
use crate::signals::moment::moment;

/// IAM actions of reading it.
pub const READS: [&str; 2] = ["ecs:DescribeServiceRevisions", "ecs:ListServiceDeployments"];

/// Service deployments that are asked for: AWS keeps 90 days of them.
const MOST: i32 = 50;
/// Service revisions of one DescribeServiceRevisions call (ECS API Reference).
const REVISIONS_PER_CALL: usize = 20;

/// A service deployment.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Past {
    /// Its ARN.
    pub arn: Text,
    /// `IN_PROGRESS`, `SUCCESSFUL`, `ROLLBACK_SUCCESSFUL`, …
    pub status: Text,
    /// Why, in ECS's words.
    pub reason: Text,
    /// When it was created.
    pub created: Option<Timestamp>,
    /// `family:revision`; empty where it could not be read.
    pub task_definition: Text,
    /// ARN of the service revision that it wanted.
    pub revision: String,
}

impl Past {
    /// AWS or somebody has given it up, or is about to.
    pub fn gave_up(&self) -> bool {
        self.status.starts_with("ROLLBACK") || self.status.starts_with("STOP")
    }

    /// It has not come to its end, and can be stopped.
    pub fn can_be_stopped(&self) -> bool {
        matches!(&*self.status, "PENDING" | "IN_PROGRESS")
    }
}

/// The service deployments of these states, newest first, with their revisions.
///
/// # Errors
/// They could not be listed. A revision that cannot be read only leaves its name empty.
pub async fn list(
    session: &Session,
    service: &Service,
    states: &[ServiceDeploymentStatus],
) -> Result<Vec<Past>, Fault> {
    let request = session.ecs().list_service_deployments().cluster(service.cluster.as_str());
    let states = (!states.is_empty()).then(|| states.to_vec());
    let request = request.service(service.arn.as_str()).set_status(states).max_results(MOST);
    let answer = request.send().await.map_err(|error| session.fault("ListServiceDeployments", &error))?;
    let mut all: Vec<Past> = answer.service_deployments().iter().map(past).collect();
    all.sort_by_key(|one| std::cmp::Reverse(one.created));
    let mut wanted: Vec<String> = all.iter().map(|one| one.revision.clone()).filter(|arn| !arn.is_empty()).collect();
    wanted.sort_unstable();
    wanted.dedup();
    let names = revisions(session, &wanted).await.unwrap_or_default();
    for one in &mut all {
        one.task_definition = names.get(&one.revision).cloned().unwrap_or_default();
    }
    Ok(all)
}

/// `family:revision` by ARN of the service revision.
///
/// # Errors
/// They could not be read.
pub async fn revisions(session: &Session, arns: &[String]) -> Result<HashMap<String, Text>, Fault> {
    let mut names = HashMap::new();
    for batch in arns.chunks(REVISIONS_PER_CALL) {
        let request = session.ecs().describe_service_revisions().set_service_revision_arns(Some(batch.to_vec()));
        let answer = request.send().await.map_err(|error| session.fault("DescribeServiceRevisions", &error))?;
        names.extend(answer.service_revisions().iter().filter_map(|one| {
            Some((one.service_revision_arn()?.to_owned(), Text::new(last_part(one.task_definition()?))))
        }));
    }
    Ok(names)
}

fn past(one: &ServiceDeploymentBrief) -> Past {
    let text = |value: Option<&str>| Text::new(value.unwrap_or_default());
    Past {
        arn: text(one.service_deployment_arn()),
        status: text(one.status().map(ServiceDeploymentStatus::as_str)),
        reason: text(one.status_reason()),
        created: one.created_at().or(one.started_at()).and_then(moment),
        task_definition: Text::default(),
        revision: one.target_service_revision_arn().unwrap_or_default().to_owned(),
    }
}

/// Which revisions are known to have completed.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Completed {
    /// `family:revision`, newest deployment first, each once.
    pub revisions: Vec<Text>,
    /// Why it is not all that there is to know.
    pub doubt: Option<Text>,
}

impl Completed {
    /// The last revision that completed and is not `current`.
    pub fn before(&self, current: &str) -> Option<&Text> {
        self.revisions.iter().find(|revision| &***revision != current)
    }
}

/// Reads what has completed. Where AWS keeps no service deployments, only what the service still shows is known.
pub async fn completed(session: &Session, service: &Service) -> Completed {
    match list(session, service, &[ServiceDeploymentStatus::Successful]).await {
        Ok(past) => known(service, &past, None),
        Err(fault) => known(service, &[], Some(fault.to_string().into())),
    }
}

fn known(service: &Service, past: &[Past], doubt: Option<Text>) -> Completed {
    let mut all: Vec<(Option<Timestamp>, Text)> = past
        .iter()
        .filter(|one| one.status == "SUCCESSFUL" && !one.task_definition.is_empty())
        .map(|one| (one.created, one.task_definition.clone()))
        .collect();
    let unread = past.iter().filter(|one| one.task_definition.is_empty()).count();
    let told =
        |id: &str| service.events.iter().any(|event| event.contains(id) && event.contains("deployment completed"));
    let shown = service.deployments.iter().filter(|one| {
        one.rollout == Some(Rollout::Completed) || (!one.id.is_empty() && one.rollout.is_none() && told(&one.id))
    });
    all.extend(shown.map(|one| (one.created, last_part(&one.task_definition).into())));
    all.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
    let mut revisions: Vec<Text> = Vec::new();
    for (_, revision) in all {
        if !revisions.contains(&revision) {
            revisions.push(revision);
        }
    }
    let doubt = doubt.or_else(|| {
        (unread > 0).then(|| format!("the revisions of {unread} service deployments could not be read").into())
    });
    Completed { revisions, doubt }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::actions::ecs::service::Deployment;

    fn past(at: &str, status: &str, revision: &str) -> Past {
        Past {
            status: status.into(),
            created: Some(at.parse().unwrap()),
            task_definition: revision.into(),
            ..Past::default()
        }
    }

    fn deployment(at: &str, rollout: Option<Rollout>, revision: &str) -> Deployment {
        Deployment {
            id: format!("ecs-svc/{revision}").into(),
            task_definition: format!("arn:aws:ecs:eu-west-1:1:task-definition/{revision}").into(),
            created: Some(at.parse().unwrap()),
            rollout,
            ..Deployment::default()
        }
    }

    #[test]
    fn the_last_that_completed_is_the_newest_successful_one_besides_the_current() {
        let history = [
            past("2026-11-20T03:00:00Z", "SUCCESSFUL", "api:42"),
            past("2026-11-20T02:00:00Z", "SUCCESSFUL", "api:42"),
            past("2026-11-20T01:30:00Z", "ROLLBACK_SUCCESSFUL", "api:41"),
            past("2026-11-20T01:00:00Z", "SUCCESSFUL", "api:40"),
        ];
        let known = known(&Service::default(), &history, None);
        assert_eq!(known.before("api:42"), Some(&"api:40".into()));
        assert_eq!(known.before("api:43"), Some(&"api:42".into()));
        assert_eq!(known.doubt, None);
    }

    #[test]
    fn without_service_deployments_only_what_the_service_shows_counts_and_nothing_is_guessed() {
        let mut service = Service {
            deployments: vec![
                deployment("2026-11-20T03:00:00Z", Some(Rollout::InProgress), "api:42"),
                deployment("2026-11-20T02:00:00Z", Some(Rollout::Completed), "api:41"),
            ],
            ..Service::default()
        };
        let found = known(&service, &[], Some("denied".into()));
        assert_eq!(found.before("api:42"), Some(&"api:41".into()));
        assert_eq!(found.doubt, Some("denied".into()));
        service.deployments[1].rollout = None;
        assert_eq!(known(&service, &[], None).before("api:42"), None, "no state and no word of it");
        service.events = vec!["(service api) (deployment ecs-svc/api:41) deployment completed.".into()];
        assert_eq!(known(&service, &[], None).before("api:42"), Some(&"api:41".into()));
        service.deployments.truncate(1);
        assert_eq!(known(&service, &[], None).before("api:42"), None);
    }
}
