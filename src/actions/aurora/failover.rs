//! `aurora.failover`: FailoverDBCluster to a reader that is named.

use aws_sdk_rds::types::SourceType;
use futures_util::future::BoxFuture;
use jiff::{SignedDuration, Timestamp};

use crate::actions::asked::words;
use crate::actions::aurora::cluster::{self, Cluster, Member};
use crate::actions::aurora::lag;
use crate::actions::lists::{Field, joined};
use crate::actions::{Action, Ask, Choice, Param, ParamKind, Wanted, sending};
use crate::base::Text;
use crate::cloud::{Operator, Session, limits};
use crate::guard::Authorized;
use crate::guard::situation::SKEW_S;
use crate::model::plan::Obstacle;
use crate::model::{
    Difference, Facts, Fault, Observation, Plan, Sent, Standing, Target, TargetKind, Undo, Value, Values,
};
use crate::signals::moment::date_time;

/// The action.
#[derive(Debug)]
pub struct Failover;

const ID: &str = "aurora.failover";
const OPERATION: &str = "rds:FailoverDBCluster";
const BEST: &str = "best";
const SERVERLESS: &str = "db.serverless";
const PARAMS: [Param; 1] = [Param {
    name: "to",
    kind: ParamKind::Revision,
    required: false,
    help: "the reader to promote, or best (the default): by promotion tier, then by lag",
}];
static READS: [&str; cluster::READS.len() + lag::READS.len() + 1] =
    joined(&[&cluster::READS, &lag::READS, &["rds:DescribeEvents"]]);
const OWN: [Field; 5] = [
    ("to", "the reader that is promoted; none where there is none"),
    ("to.status", "its status: available, …"),
    ("to.lag_ms", "milliseconds that it is behind the writer; none where not known"),
    ("to.tier", "its promotion tier"),
    ("best", "the reader that would be chosen"),
];
static FIELDS: [Field; cluster::FIELDS.len() + OWN.len()] = joined(&[&cluster::FIELDS, &OWN]);

impl Action for Failover {
    fn id(&self) -> &'static str {
        ID
    }

    fn title(&self) -> &'static str {
        "Fail over to a reader"
    }

    fn kind(&self) -> TargetKind {
        TargetKind::RdsCluster
    }

    fn params(&self) -> &'static [Param] {
        &PARAMS
    }

    fn reads(&self) -> &'static [&'static str] {
        &READS
    }

    fn mutations(&self) -> &'static [&'static str] {
        &[OPERATION]
    }

    fn fields(&self) -> &'static [Field] {
        &FIELDS
    }

    fn find<'a>(&'a self, session: &'a Session, wanted: &'a Wanted) -> BoxFuture<'a, Result<Vec<Target>, Fault>> {
        Box::pin(cluster::find(session, wanted))
    }

    fn choices<'a>(
        &'a self,
        session: &'a Session,
        target: &'a Target,
        param: &'a str,
    ) -> BoxFuture<'a, Result<Vec<Choice>, Fault>> {
        Box::pin(async move {
            if param != "to" {
                return Ok(Vec::new());
            }
            let cluster = cluster::read(session, target).await?;
            Ok(cluster.members.iter().map(choice).collect())
        })
    }

    fn plan<'a>(&'a self, ask: &'a Ask<'a>) -> BoxFuture<'a, Result<Plan, Fault>> {
        Box::pin(async move {
            let asked = words(ask.params, "to")?.unwrap_or_else(|| BEST.into());
            let mut cluster = cluster::read(ask.session, ask.target).await?;
            let lag = lag::add(ask.session, &mut cluster, ask.now).await;
            Ok(judge(ask.target, &cluster, &asked, lag.err(), ask.now))
        })
    }

    fn send<'a>(&'a self, operator: &'a Operator, authorized: Authorized<Plan>) -> BoxFuture<'a, Sent> {
        Box::pin(sending::once(
            operator,
            authorized,
            "FailoverDBCluster",
            async |session: &Session, leave: &Authorized<Plan>| {
                let plan = leave.what();
                let to = plan.request.get("target_db_instance_identifier").and_then(Value::text);
                let request = session.rds().failover_db_cluster().db_cluster_identifier(plan.target.name.as_str());
                let answer = request.set_target_db_instance_identifier(to.map(|to| to.to_string())).send().await?;
                let status = answer.db_cluster().and_then(|cluster| cluster.status()).map(Text::new);
                Ok(Values::from([("status".to_owned(), status.into())]))
            },
        ))
    }

    fn observe<'a>(
        &'a self,
        session: &'a Session,
        plan: &'a Plan,
        receipt: Option<&'a Values>,
        now: Timestamp,
    ) -> BoxFuture<'a, Result<Observation, Fault>> {
        Box::pin(observe(session, plan, receipt.is_some(), now))
    }
}

fn choice(member: &Member) -> Choice {
    let tier = member.tier.map(|tier| format!(", tier {tier}")).unwrap_or_default();
    let unusable = match member.status.as_str() {
        "available" => Text::default(),
        "" => "its status is not known".into(),
        status => format!("it is {status}").into(),
    };
    Choice {
        value: (&member.name).into(),
        label: member.name.clone(),
        says: format!("{} in {}{tier}", member.class, member.zone).into(),
        at: None,
        current: member.writer,
        last_completed: false,
        unusable,
    }
}

fn judge(target: &Target, cluster: &Cluster, asked: &str, no_lag: Option<Fault>, now: Timestamp) -> Plan {
    let to = if asked == BEST { cluster.best() } else { cluster.members.iter().find(|one| one.name == asked) };
    let writer = cluster.writer();
    // RDS for MySQL takes no target: it chooses (RDS API Reference, FailoverDBCluster).
    let chooses = cluster.engine == "mysql";
    let name: Text =
        to.map_or_else(|| if asked == BEST { Text::default() } else { asked.into() }, |to| to.name.clone());
    let mut observed = cluster.values();
    for (field, value) in [
        ("to", if name.is_empty() { Value::None } else { (&name).into() }),
        ("to.status", to.map(|to| &to.status).into()),
        ("to.lag_ms", to.and_then(|to| to.lag_ms).into()),
        ("to.tier", to.and_then(|to| to.tier).into()),
        ("best", cluster.best().map(|one| &one.name).into()),
    ] {
        observed.insert(field.to_owned(), value);
    }
    let request = match to {
        Some(to) if !chooses => Values::from([("target_db_instance_identifier".to_owned(), (&to.name).into())]),
        _ => Values::new(),
    };
    let obstacle = (cluster.status != "available")
        .then(|| Obstacle { says: format!("the cluster is {}", cluster.status).into(), offer: None });
    let back = Values::from([("to".to_owned(), writer.map(|one| &one.name).into())]);
    Plan {
        action: ID.into(),
        target: target.clone(),
        params: Values::from([("to".to_owned(), if name.is_empty() { BEST.into() } else { (&name).into() })]),
        differences: vec![Difference {
            field: "writer".into(),
            before: writer.map(|one| &one.name).into(),
            after: if name.is_empty() { Value::None } else { (&name).into() },
            unit: Text::default(),
        }],
        observed,
        decisive: ["readers", "status", "to", "to.status", "writer"].map(str::to_owned).to_vec(),
        operation: OPERATION.into(),
        request,
        touches: touches(cluster, to, no_lag),
        value: name,
        facts: Facts { obstacle, impossible: impossible(cluster, asked, to, chooses), ..Facts::default() },
        undo: writer.map(|_| Undo { action: ID.into(), params: back }),
        owed: None,
        read_at: now,
    }
}

fn impossible(cluster: &Cluster, asked: &str, to: Option<&Member>, chooses: bool) -> Option<Text> {
    let says = match to {
        _ if cluster.readers().next().is_none() => {
            "the cluster has no reader: there is nothing to fail over to".to_owned()
        }
        _ if cluster.writer().is_none() => {
            "no member takes writes: a secondary cluster is failed over with its global cluster".to_owned()
        }
        None if asked == BEST => "no reader is available".to_owned(),
        None => format!("{asked} is not a member of the cluster"),
        Some(to) if to.writer => format!("{asked} takes the writes already"),
        Some(_) if chooses && asked != BEST => "RDS for MySQL chooses the reader itself: leave `to` out".to_owned(),
        Some(to) if to.status.is_empty() => format!("the status of {} is not known", to.name),
        Some(to) if to.status != "available" => format!("{} is {}", to.name, to.status),
        Some(_) => return None,
    };
    Some(says.into())
}

fn touches(cluster: &Cluster, to: Option<&Member>, no_lag: Option<Fault>) -> Vec<Text> {
    let mut touches: Vec<Text> = vec![
        "writes are interrupted for 30 to 120 s".into(),
        "connections to the writer and to the promoted reader drop: clients must connect again".into(),
        "clients that remember the writer's address keep asking the old one until they resolve its name anew".into(),
    ];
    let mut say = |says: String| touches.push(says.into());
    if let Some(to) = to {
        match (to.lag_ms, no_lag) {
            (Some(lag), _) => say(format!("{} is {lag:.0} ms behind the writer", to.name)),
            (None, Some(fault)) => say(format!("how far {} is behind is not known: {fault}", to.name)),
            (None, None) => say(format!("how far {} is behind is not known", to.name)),
        }
        let writer = cluster.writer();
        if to.class == SERVERLESS {
            // Tiers 0 and 1 keep the writer's capacity (Aurora User Guide, Serverless v2 and promotion tiers).
            match to.tier {
                Some(0 | 1) => say(format!("{} is serverless and has the writer's capacity by its tier", to.name)),
                _ => say(format!("{} is serverless and may be small: it grows only under load", to.name)),
            }
        } else if writer.is_some_and(|one| one.class != to.class) {
            let was = writer.map(|one| one.class.to_string()).unwrap_or_default();
            say(format!("{} is a {}, the writer is a {was}", to.name, to.class));
        }
    }
    if cluster.readers().count() == 1 {
        say("it is the only reader: reads go to the writer until the old one is back".to_owned());
    }
    touches
}

async fn observe(session: &Session, plan: &Plan, accepted: bool, now: Timestamp) -> Result<Observation, Fault> {
    let cluster = cluster::read(session, &plan.target).await?;
    let to = plan.observed.get("to").and_then(Value::text).cloned().unwrap_or_default();
    let before = plan.observed.get("writer").and_then(Value::text).cloned().unwrap_or_default();
    let told = match cluster.writer() {
        Some(writer) if writer.name == to => Vec::new(),
        _ => events(session, plan).await?,
    };
    let (standing, says) = standing(&cluster, (&before, &to), &told, accepted);
    let mut values = cluster.values();
    for (name, _) in &OWN {
        values.insert((*name).to_owned(), plan.observed.get(*name).cloned().unwrap_or_default());
    }
    let member = cluster.members.iter().find(|one| one.name == to);
    values.insert("to.status".to_owned(), member.map(|one| &one.status).into());
    Ok(Observation { standing, says: says.into(), values, at: now })
}

/// What RDS says of the cluster since the plan.
async fn events(session: &Session, plan: &Plan) -> Result<Vec<String>, Fault> {
    let since = plan.read_at.checked_sub(SignedDuration::from_secs(SKEW_S)).unwrap_or(plan.read_at);
    let request = session.rds().describe_events().source_type(SourceType::DbCluster);
    let request = request.source_identifier(plan.target.name.as_str()).start_time(date_time(since));
    let answer = request.max_records(limits::EVENTS_PAGE).send().await;
    let answer = answer.map_err(|error| session.fault("DescribeEvents", &error))?;
    Ok(answer.events().iter().filter_map(|event| event.message().map(str::to_owned)).collect())
}

fn standing(cluster: &Cluster, (before, to): (&str, &str), events: &[String], accepted: bool) -> (Standing, String) {
    let told = |words: &str| events.iter().find(|message| message.to_lowercase().contains(words));
    // An event of another failover names another instance.
    let told_of_ours =
        |words: &str| events.iter().any(|message| message.to_lowercase().contains(words) && names(message, to));
    // What goes on may be somebody else's doing where neither AWS's answer nor an event says that it is ours.
    let ours = accepted || told_of_ours("failover");
    let underway = if ours { Standing::Underway } else { Standing::Unclear };
    let Some(writer) = cluster.writer() else {
        return (underway, format!("{before} → {to}: no member takes writes, the cluster is {}", cluster.status));
    };
    let says = format!("{before} → {to}: {} takes writes, the cluster is {}", writer.name, cluster.status);
    let calm = cluster.status == "available";
    if writer.name == to {
        let done = calm && writer.status == "available";
        return (if done { Standing::Done } else { Standing::Underway }, says);
    }
    match (writer.name == before, ours) {
        // RDS-EVENT-0069 (Aurora User Guide, event categories).
        (true, _) if let Some(message) = told("failover failed") => {
            (if ours { Standing::Failed } else { Standing::Unclear }, format!("{message}; {says}"))
        }
        (true, true) if told_of_ours("completed failover") && calm => {
            (Standing::Overtaken, format!("failed over, and back again; {says}"))
        }
        (true, true) => (Standing::Underway, says),
        (true, false) if calm => (Standing::NotApplied, says),
        (true, false) => (Standing::Unclear, says),
        (false, true) => (Standing::Overtaken, format!("another member was promoted; {says}")),
        (false, false) => (Standing::Unclear, says),
    }
}

/// True where a message names this instance, and not one whose name only begins like it.
fn names(message: &str, instance: &str) -> bool {
    message.split(|c: char| !c.is_alphanumeric() && c != '-').any(|word| word == instance)
}

#[cfg(test)]
#[path = "failover_tests.rs"]
mod tests;
