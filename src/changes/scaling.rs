//! DescribeScalingActivities: what Application Auto Scaling did, failed to do, or could not do for its bounds.

use aws_sdk_applicationautoscaling::types::{ScalingActivity, ScalingActivityStatusCode, ServiceNamespace};
use futures_util::future::{BoxFuture, join_all};

use crate::base::Text;
use crate::changes::found::{Found, MOST};
use crate::changes::memory::Memory;
use crate::changes::source::ChangeSource;
use crate::changes::span::Span;
use crate::changes::{arn, pages};
use crate::cloud::{Selection, Session, limits};
use crate::model::{Change, ChangeKind, EnvId, Fault, Severity};
use crate::signals::moment::moment;

/// Pages of one reading of one namespace.
const PAGES: usize = 20;

/// The namespaces that are read: what the signals watch.
const NAMESPACES: &[ServiceNamespace] =
    &[ServiceNamespace::Ecs, ServiceNamespace::Dynamodb, ServiceNamespace::Lambda, ServiceNamespace::Rds];

/// The source.
#[derive(Debug)]
pub struct ScalingActivities;

impl ChangeSource for ScalingActivities {
    fn id(&self) -> &'static str {
        "scaling"
    }

    fn title(&self) -> &'static str {
        "scaling activities"
    }

    fn permissions(&self) -> &'static [&'static str] {
        &["application-autoscaling:DescribeScalingActivities"]
    }

    fn read<'a>(&'a self, session: &'a Session, span: Span, _: &'a Memory) -> BoxFuture<'a, Result<Found, Fault>> {
        Box::pin(async move {
            let selection = session.selection().await?;
            let parts = NAMESPACES.iter().map(|namespace| activities(session, &selection, namespace.clone(), span));
            let parts: Vec<Result<Found, Fault>> = join_all(parts).await;
            if let Some(Err(fault)) = parts.first().filter(|_| parts.iter().all(Result::is_err)) {
                return Err(fault.clone());
            }
            let mut found = Found::default();
            for part in parts {
                found.add(part);
            }
            Ok(found.newest(MOST))
        })
    }
}

async fn activities(
    session: &Session,
    selection: &Selection,
    namespace: ServiceNamespace,
    span: Span,
) -> Result<Found, Fault> {
    let page = |token: Option<String>| {
        let request = session
            .autoscaling()
            .describe_scaling_activities()
            .service_namespace(namespace.clone())
            .include_not_scaled_activities(true)
            .max_results(limits::SCALING_ACTIVITIES_PAGE)
            .set_next_token(token);
        async move {
            let answer = request.send().await.map_err(|error| session.fault("DescribeScalingActivities", &error))?;
            Ok((answer.scaling_activities.unwrap_or_default(), answer.next_token))
        }
    };
    let began = |activity: &ScalingActivity| moment(activity.start_time());
    let before = |activities: &[ScalingActivity]| {
        activities.iter().all(|activity| began(activity).is_some_and(|at| at < span.from))
    };
    let listed = pages::until("DescribeScalingActivities", PAGES, page, before).await?;
    let oldest = listed.items.iter().filter_map(began).min();
    let changes = listed.items.iter().filter_map(|activity| {
        let change = change(activity, session, session.environment.id).filter(|change| span.contains(change.at))?;
        selection.admits_ending(&change.resource, &format!(":{}", activity.resource_id())).then_some(change)
    });
    Ok(Found {
        changes: changes.collect(),
        faults: listed.fault.into_iter().collect(),
        cut_before: oldest.filter(|oldest| listed.cut && *oldest > span.from),
    })
}

fn change(activity: &ScalingActivity, session: &Session, env: EnvId) -> Option<Change> {
    let at = moment(activity.start_time())?;
    let id = activity.resource_id();
    let mut parts = id.split(['/', ':']).skip(1);
    // service/CLUSTER/NAME, table/NAME, table/NAME/index/INDEX, function:NAME:ALIAS, cluster:NAME.
    let first = parts.next().unwrap_or(id);
    let (name, whole) = match (id.starts_with("service/"), parts.next()) {
        (true, Some(service)) => (service, Some(first)),
        _ => (first, None),
    };
    let unmet = activity.not_scaled_reasons().first();
    let failed = *activity.status_code() == ScalingActivityStatusCode::Failed;
    let status = activity.status_message().unwrap_or_default();
    let summary = match unmet {
        Some(reason) => {
            let bound = match (reason.code(), reason.max_capacity(), reason.min_capacity()) {
                (code, Some(max), _) if code.contains("Max") => format!(" of {max}"),
                (code, _, Some(min)) if code.contains("Min") => format!(" of {min}"),
                _ => String::new(),
            };
            format!("not scaled: {}{bound}", spaced(reason.code()))
        }
        None if failed => format!("failed: {}", activity.description()),
        None => activity.description().trim_end_matches('.').to_owned(),
    };
    let service = match activity.service_namespace() {
        ServiceNamespace::Dynamodb => "dynamodb",
        ServiceNamespace::Lambda => "lambda",
        ServiceNamespace::Rds => "rds",
        _ => "ecs",
    };
    let reason = if status.is_empty() || status.starts_with("Successfully") {
        activity.cause().to_owned()
    } else {
        format!("{} {status}", activity.cause()).trim().to_owned()
    };
    Some(Change {
        summary: summary.into(),
        reason: reason.into(),
        arn: arn::of(session, service, id).into(),
        touches: whole.map(Text::from).into_iter().collect(),
        after: activity.description().trim_end_matches('.').into(),
        severity: if unmet.is_some() || failed { Severity::Warning } else { Severity::Ok },
        ..Change::new(at, env, ChangeKind::Scaling, name)
    })
}

/// `AlreadyAtMaxCapacity` → `already at max capacity`.
fn spaced(code: &str) -> String {
    let mut out = String::new();
    for letter in code.chars() {
        if letter.is_uppercase() && !out.is_empty() {
            out.push(' ');
        }
        out.extend(letter.to_lowercase());
    }
    out
}
