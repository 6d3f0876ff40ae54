//! Revisions of task definitions: which one is meant, whether it can run, and how it differs.

use std::sync::Arc;

use aws_sdk_ecs::types::SortOrder;

use crate::actions::asked::invalid;
use crate::base::Text;
use crate::changes::arn::last_part;
use crate::changes::task_definition::{TaskDefinition, difference};
use crate::cloud::Session;
use crate::model::Fault;
use crate::signals::paging::each;

/// IAM actions of reading revisions.
pub const READS: [&str; 2] = ["ecs:DescribeTaskDefinition", "ecs:ListTaskDefinitions"];

/// Revisions that are offered to choose from.
const OFFERED: i32 = 10;

/// Which revision is meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Meant {
    /// The last one before the current that completed.
    LastCompleted,
    /// This one: an ARN or `family:revision`.
    Exact(String),
}

/// A revision that ECS has.
#[derive(Debug, Clone, PartialEq)]
pub struct Revision {
    /// Its ARN.
    pub arn: Text,
    /// `ACTIVE`, `INACTIVE` or `DELETE_IN_PROGRESS`.
    pub status: Text,
    /// What it says.
    pub content: Arc<TaskDefinition>,
}

impl Revision {
    /// Its images, each once.
    pub fn images(&self) -> String {
        let mut images: Vec<&str> = self.content.images.values().map(Text::as_str).collect();
        images.sort_unstable();
        images.dedup();
        images.join(", ")
    }

    /// `before → after` of what differs from another revision, by image first; its images where nothing does.
    pub fn against(&self, current: &Self) -> String {
        let differs = difference(&current.content, &self.content);
        match differs.before.is_empty() {
            true => self.images(),
            false => format!("{} → {}", differs.before.join(", "), differs.after.join(", ")),
        }
    }
}

/// What a parameter means, where `current` is the ARN of the revision that runs: `last_completed`, a revision number,
/// `family:revision` or an ARN.
///
/// # Errors
/// It is none of these. A family alone would be its newest revision, whatever that is: that is no choice.
pub fn meant(asked: &str, current: &str) -> Result<Meant, Fault> {
    if asked == "last_completed" {
        return Ok(Meant::LastCompleted);
    }
    let is_number = |text: &str| text.parse::<u32>().is_ok_and(|number| number > 0);
    let (before, own) = match current.rsplit_once('/') {
        Some((before, own)) => (format!("{before}/"), own),
        None => (String::new(), current),
    };
    let family = own.rsplit_once(':').map_or(own, |(family, _)| family);
    if is_number(asked) {
        return Ok(Meant::Exact(format!("{before}{family}:{asked}")));
    }
    match asked.rsplit_once(':') {
        Some((named, number))
            if is_number(number) && asked.starts_with("arn:") && named.contains("task-definition/") =>
        {
            Ok(Meant::Exact(asked.to_owned()))
        }
        Some((named, number)) if is_number(number) && !named.is_empty() && !named.contains([':', '/']) => {
            Ok(Meant::Exact(format!("{before}{asked}")))
        }
        _ => Err(invalid(format!("{asked} is no revision: give its number, family:number, its ARN or last_completed"))),
    }
}

/// The family of an ARN or of `family:revision`.
pub fn family(revision: &str) -> &str {
    let name = last_part(revision);
    name.rsplit_once(':').map_or(name, |(family, _)| family)
}

/// Reads a revision; `None` where ECS does not have it.
///
/// # Errors
/// It could not be read.
pub async fn read(session: &Session, wanted: &str) -> Result<Option<Revision>, Fault> {
    match session.ecs().describe_task_definition().task_definition(wanted).send().await {
        Ok(answer) => Ok(answer.task_definition().map(|found| {
            let arn = found.task_definition_arn().unwrap_or(wanted);
            Revision {
                arn: arn.into(),
                status: Text::new(found.status().map_or("unknown", |status| status.as_str())),
                content: Arc::new(TaskDefinition::new(arn, found)),
            }
        })),
        // ECS answers ClientException for a revision that was deleted or never was (ECS API Reference).
        Err(error) if error.as_service_error().is_some_and(|error| error.is_client_exception()) => Ok(None),
        Err(error) => Err(session.fault("DescribeTaskDefinition", &error)),
    }
}

/// The last revisions of a family, newest first.
///
/// # Errors
/// They could not be listed or read.
pub async fn last(session: &Session, of: &str) -> Result<Vec<Revision>, Fault> {
    let request = session.ecs().list_task_definitions().family_prefix(of).sort(SortOrder::Desc).max_results(OFFERED);
    let answer = request.send().await.map_err(|error| session.fault("ListTaskDefinitions", &error))?;
    let arns: Vec<String> = answer.task_definition_arns().iter().filter(|arn| family(arn) == of).cloned().collect();
    let found = each(arns, |arn| async move { read(session, &arn).await }, |_, _| None).await?;
    match found.fault {
        Some(fault) if found.found.is_empty() => Err(fault),
        _ => Ok(found.found),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;

    use super::*;

    const CURRENT: &str = "arn:aws:ecs:eu-west-1:111122223333:task-definition/api:42";

    #[rstest]
    #[case("41", Some("arn:aws:ecs:eu-west-1:111122223333:task-definition/api:41"))]
    #[case("api:41", Some("arn:aws:ecs:eu-west-1:111122223333:task-definition/api:41"))]
    #[case("other:7", Some("arn:aws:ecs:eu-west-1:111122223333:task-definition/other:7"))]
    #[case("arn:aws:ecs:us-east-1:1:task-definition/api:3", Some("arn:aws:ecs:us-east-1:1:task-definition/api:3"))]
    #[case("api", None)]
    #[case("0", None)]
    #[case("-1", None)]
    #[case("api:", None)]
    #[case(":41", None)]
    #[case("api:latest", None)]
    #[case("arn:aws:ecs:us-east-1:1:task-definition/api", None)]
    #[case("arn:aws:ecs:us-east-1:1:service/x:3", None)]
    #[case("", None)]
    fn a_revision_is_always_a_full_one(#[case] asked: &str, #[case] expected: Option<&str>) {
        let found = meant(asked, CURRENT).ok();
        assert_eq!(found, expected.map(|arn| Meant::Exact(arn.to_owned())));
        assert_eq!(meant("last_completed", CURRENT).unwrap(), Meant::LastCompleted);
    }

    proptest! {
        #[test]
        fn whatever_is_asked_names_a_number_or_is_refused(asked in "\\PC{0,30}") {
            if let Ok(Meant::Exact(arn)) = meant(&asked, CURRENT) {
                let (_, number) = arn.rsplit_once(':').unwrap();
                prop_assert!(number.parse::<u32>().unwrap() > 0);
            }
        }
    }
}
