//! `eks.nodegroup_scale`: UpdateNodegroupConfig with those sizes that shall be others.

use aws_sdk_eks::operation::list_updates::ListUpdatesOutput;
use aws_sdk_eks::types::{NodegroupScalingConfig, Update, UpdateParamType, UpdateStatus, UpdateType};
use futures_util::future::BoxFuture;
use jiff::{SignedDuration, Timestamp};

use crate::actions::asked::{invalid, whole};
use crate::actions::eks::nodegroup::{self, Nodegroup};
use crate::actions::eks::sizes::{self, ID, OPERATION, SIZES, Size, Wish};
use crate::actions::lists::{Field, joined};
use crate::actions::{Action, Ask, Param, ParamKind, Wanted, sending};
use crate::base::Text;
use crate::cloud::{Operator, Session, limits};
use crate::guard::Authorized;
use crate::guard::situation::SKEW_S;
use crate::model::{Fault, Observation, Plan, Sent, Standing, Target, TargetKind, Value, Values};
use crate::signals::moment::moment;
use crate::signals::paging::{all_pages, each};

/// The action.
#[derive(Debug)]
pub struct NodegroupScale;

const fn size(name: &'static str, help: &'static str) -> Param {
    Param { name, kind: ParamKind::Count, required: false, help }
}

const PARAMS: [Param; 3] = [
    size("desired", "nodes wanted; where an autoscaler sets their number, give min or max"),
    size("min", "smallest number of nodes"),
    size("max", "largest number of nodes"),
];
static READS: [&str; nodegroup::READS.len() + 2] =
    joined(&[&nodegroup::READS, &["eks:DescribeUpdate", "eks:ListUpdates"]]);
const OWN: [Field; 3] = [
    ("mine", "id of our own update; none while it is not known"),
    ("token", "names the request: EKS carries it out once, however often it arrives"),
    ("update.status", "EKS's word for our update: InProgress, Successful, Failed, Cancelled"),
];
static FIELDS: [Field; nodegroup::FIELDS.len() + OWN.len()] = joined(&[&nodegroup::FIELDS, &OWN]);

impl Action for NodegroupScale {
    fn id(&self) -> &'static str {
        ID
    }

    fn title(&self) -> &'static str {
        "Change the number of nodes"
    }

    fn kind(&self) -> TargetKind {
        TargetKind::EksNodegroup
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
        Box::pin(nodegroup::find(session, wanted))
    }

    fn plan<'a>(&'a self, ask: &'a Ask<'a>) -> BoxFuture<'a, Result<Plan, Fault>> {
        Box::pin(async move {
            let [desired, min, max] = SIZES.map(|size| whole(ask.params, size.name));
            let wish = Wish { desired: desired?, min: min?, max: max? };
            if wish == Wish::default() {
                return Err(invalid("one of desired, min and max is needed: how many nodes"));
            }
            for given in [wish.desired, wish.min, wish.max].into_iter().flatten() {
                if !(0..=i64::from(i32::MAX)).contains(&given) {
                    return Err(invalid(format!("a number of nodes is not {given}")));
                }
            }
            let group = nodegroup::read(ask.session, ask.target).await?;
            Ok(sizes::judge(ask.target, &group, wish, ask.token, ask.now))
        })
    }

    fn send<'a>(&'a self, operator: &'a Operator, authorized: Authorized<Plan>) -> BoxFuture<'a, Sent> {
        Box::pin(sending::once(
            operator,
            authorized,
            "UpdateNodegroupConfig",
            async |session: &Session, leave: &Authorized<Plan>| {
                let plan = leave.what();
                let count = |name: &str| plan.request.get(name).and_then(Value::count);
                let size = |name: &str| count(name).and_then(|count| i32::try_from(count).ok());
                let text = |name: &str| plan.observed.get(name).and_then(Value::text).map(|text| text.to_string());
                let scaling = NodegroupScalingConfig::builder()
                    .set_desired_size(size("desired_size"))
                    .set_min_size(size("min_size"))
                    .set_max_size(size("max_size"))
                    .build();
                let request = session.eks().update_nodegroup_config().set_cluster_name(text("cluster"));
                let request = request.nodegroup_name(plan.target.name.as_str()).scaling_config(scaling);
                let answer = request.set_client_request_token(text("token")).send().await?;
                let id = answer.update().and_then(Update::id).map(Text::new);
                Ok(Values::from([("update_id".to_owned(), id.into())]))
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
        Box::pin(observe(session, plan, receipt, now))
    }
}

async fn observe(
    session: &Session,
    plan: &Plan,
    receipt: Option<&Values>,
    now: Timestamp,
) -> Result<Observation, Fault> {
    let id = receipt.and_then(|values| values.get("update_id")).and_then(Value::text).filter(|id| !id.is_empty());
    let group = nodegroup::read(session, &plan.target).await?;
    let update = match id {
        Some(id) => describe_update(session, &group, id).await?,
        None if receipt.is_none() => {
            updates(session, &group).await?.into_iter().find(|update| is_ours(update, &plan.request, plan.read_at))
        }
        None => None,
    };
    let mine = id.cloned().or_else(|| update.as_ref().and_then(Update::id).map(Text::new));
    let mut values = group.values();
    values.insert("mine".to_owned(), mine.into());
    values.insert("token".to_owned(), plan.observed.get("token").cloned().unwrap_or_default());
    let status = update.as_ref().and_then(Update::status).map(|status| Text::new(status.as_str()));
    values.insert("update.status".to_owned(), status.into());
    let (standing, says) = standing(&group, plan, update.as_ref(), receipt.is_some());
    Ok(Observation { standing, says: says.into(), values, at: now })
}

async fn describe_update(session: &Session, group: &Nodegroup, id: &str) -> Result<Option<Update>, Fault> {
    let request = session.eks().describe_update().name(group.cluster.as_str()).update_id(id);
    let answer = request.nodegroup_name(group.name.as_str()).send().await;
    Ok(answer.map_err(|error| session.fault("DescribeUpdate", &error))?.update)
}

/// All updates that EKS keeps of the group.
async fn updates(session: &Session, group: &Nodegroup) -> Result<Vec<Update>, Fault> {
    let request = session.eks().list_updates().name(group.cluster.as_str()).nodegroup_name(group.name.as_str());
    let pages = request.into_paginator().page_size(limits::EKS_PAGE).send();
    let ids = |page: ListUpdatesOutput| page.update_ids.unwrap_or_default();
    let ids = all_pages(session, "ListUpdates", pages, |page| page.next_token(), ids).await?;
    let described = each(ids, async |id| describe_update(session, group, &id).await, |_, _| None).await?;
    match described.fault {
        Some(fault) => Err(fault),
        None => Ok(described.found),
    }
}

/// Without EKS's answer: an update of the configuration that came after the plan and has exactly its sizes.
fn is_ours(update: &Update, request: &Values, planned: Timestamp) -> bool {
    let earliest = planned.checked_sub(SignedDuration::from_secs(SKEW_S)).unwrap_or(planned);
    let param = |wanted: UpdateParamType| {
        update.params().iter().find(|param| param.r#type() == Some(&wanted)).and_then(|param| param.value())
    };
    let same = |field: &str, kind: UpdateParamType| {
        request.get(field).is_none_or(|sent| param(kind) == Some(sent.to_string().as_str()))
    };
    update.r#type() == Some(&UpdateType::ConfigUpdate)
        && update.created_at().and_then(moment).is_some_and(|at| at >= earliest)
        && same("desired_size", UpdateParamType::DesiredSize)
        && same("min_size", UpdateParamType::MinSize)
        && same("max_size", UpdateParamType::MaxSize)
}

fn standing(group: &Nodegroup, plan: &Plan, update: Option<&Update>, accepted: bool) -> (Standing, String) {
    let changes: Vec<Written> = SIZES.iter().filter_map(|size| Written::of(*size, group, plan)).collect();
    if changes.is_empty() {
        return (Standing::Unclear, "the plan does not say what was sent".to_owned());
    }
    let moves: Vec<String> = changes.iter().map(Written::says).collect();
    let counts = format!("{}; the group is {} with {} wanted", moves.join(", "), group.status, group.desired);
    match update.and_then(Update::status) {
        Some(UpdateStatus::InProgress) => return (Standing::Underway, counts),
        Some(UpdateStatus::Failed | UpdateStatus::Cancelled) => {
            let errors = update.map(|update| update.errors()).unwrap_or_default();
            let errors: Vec<&str> = errors.iter().filter_map(|error| error.error_message()).collect();
            return (Standing::Failed, format!("EKS gave the update up: {}; {counts}", errors.join("; ")));
        }
        _ => {}
    }
    let Some(other) = changes.iter().find(|change| !change.is_there()) else {
        // Nodes that are ready are not EKS's to tell: its own update is.
        return match group.status.as_str() {
            "ACTIVE" => (Standing::Done, counts),
            "UPDATING" => (Standing::Underway, counts),
            _ => (Standing::Unclear, counts),
        };
    };
    match (accepted, changes.iter().all(|change| change.now == change.before)) {
        (false, true) if group.status != "UPDATING" => {
            (Standing::NotApplied, format!("{} is {} as before", other.size.words, other.now))
        }
        (true, _) if update.and_then(Update::status) == Some(&UpdateStatus::Successful) => {
            let by = group.owner.as_ref().filter(|_| other.size == SIZES[0]).map(|owner| owner.who.as_str());
            let by = by.unwrap_or("somebody else");
            let says = format!("{} applied, then changed by {by} {} → {}", other.size.words, other.sent, other.now);
            (Standing::Overtaken, says)
        }
        (true, _) => (Standing::Underway, counts),
        (false, _) => (Standing::Unclear, counts),
    }
}

/// One size that was sent.
struct Written {
    size: Size,
    before: i64,
    sent: i64,
    now: i64,
    /// More is as good: it was only taken along with a minimum, and an autoscaler sets it.
    or_more: bool,
}

impl Written {
    fn of(size: Size, group: &Nodegroup, plan: &Plan) -> Option<Self> {
        let count = |values: &Values, name: &str| values.get(name).and_then(Value::count);
        Some(Self {
            size,
            before: count(&plan.observed, size.name)?,
            sent: count(&plan.request, size.field)?,
            now: count(&group.values(), size.name)?,
            or_more: !plan.params.contains_key(size.name),
        })
    }

    fn is_there(&self) -> bool {
        self.now == self.sent || self.or_more && self.now > self.sent
    }

    fn says(&self) -> String {
        format!("{} {} → {}", self.size.words, self.before, self.sent)
    }
}

#[cfg(test)]
mod tests {
    use aws_sdk_eks::types::UpdateParam;
    use rstest::rstest;

    use super::*;

    fn group(status: &str, desired: i64, max: i64) -> Nodegroup {
        Nodegroup { name: "web".into(), status: status.into(), desired, min: 2, max, ..Nodegroup::default() }
    }

    fn plan(group: &Nodegroup, wish: Wish) -> Plan {
        let target = Target {
            environment: "shop/prod".into(),
            account: "111122223333".into(),
            region: "eu-west-1".into(),
            kind: TargetKind::EksNodegroup,
            name: group.name.clone(),
            arn: "arn:aws:eks:eu-west-1:111122223333:nodegroup/shop/web/0ab".into(),
        };
        sizes::judge(&target, group, wish, "one-token", "2026-11-21T03:04:05Z".parse().unwrap())
    }

    fn update(status: UpdateStatus) -> Update {
        Update::builder().status(status).build()
    }

    #[rstest]
    #[case("ACTIVE", 4, 6, Some(UpdateStatus::Successful), true, Standing::Done)]
    #[case("ACTIVE", 4, 6, None, false, Standing::Done)]
    #[case("UPDATING", 4, 6, Some(UpdateStatus::InProgress), true, Standing::Underway)]
    #[case("ACTIVE", 4, 6, Some(UpdateStatus::Failed), true, Standing::Failed)]
    #[case("DEGRADED", 4, 6, Some(UpdateStatus::Successful), true, Standing::Unclear)]
    #[case("ACTIVE", 3, 6, None, false, Standing::NotApplied)]
    #[case("UPDATING", 3, 6, None, false, Standing::Unclear)]
    #[case("ACTIVE", 5, 6, Some(UpdateStatus::Successful), true, Standing::Overtaken)]
    #[case("ACTIVE", 5, 6, None, false, Standing::Unclear)]
    fn how_far_it_is(
        #[case] status: &str,
        #[case] desired: i64,
        #[case] max: i64,
        #[case] ended: Option<UpdateStatus>,
        #[case] accepted: bool,
        #[case] expected: Standing,
    ) {
        let plan = plan(&group("ACTIVE", 3, 6), Wish { desired: Some(4), ..Wish::default() });
        let (standing, says) = standing(&group(status, desired, max), &plan, ended.map(update).as_ref(), accepted);
        assert_eq!(standing, expected, "{says}");
    }

    #[test]
    fn nodes_that_an_autoscaler_adds_to_a_minimum_are_no_harm() {
        let plan = plan(&group("ACTIVE", 3, 6), Wish { min: Some(4), ..Wish::default() });
        let ended = update(UpdateStatus::Successful);
        let of = |desired| standing(&Nodegroup { min: 4, ..group("ACTIVE", desired, 6) }, &plan, Some(&ended), true).0;
        assert_eq!((of(4), of(6), of(3)), (Standing::Done, Standing::Done, Standing::Overtaken));
    }

    #[rstest]
    #[case(0, UpdateType::ConfigUpdate, &[(UpdateParamType::DesiredSize, "5"), (UpdateParamType::MaxSize, "8")], true)]
    #[case(-30, UpdateType::ConfigUpdate, &[(UpdateParamType::DesiredSize, "5"), (UpdateParamType::MaxSize, "8")], true)]
    #[case(-90, UpdateType::ConfigUpdate, &[(UpdateParamType::DesiredSize, "5"), (UpdateParamType::MaxSize, "8")], false)]
    #[case(9, UpdateType::ConfigUpdate, &[(UpdateParamType::DesiredSize, "4"), (UpdateParamType::MaxSize, "8")], false)]
    #[case(9, UpdateType::ConfigUpdate, &[(UpdateParamType::DesiredSize, "5")], false)]
    #[case(9, UpdateType::VersionUpdate, &[(UpdateParamType::DesiredSize, "5"), (UpdateParamType::MaxSize, "8")], false)]
    fn our_update_came_after_the_plan_and_has_its_sizes(
        #[case] seconds: i64,
        #[case] kind: UpdateType,
        #[case] params: &[(UpdateParamType, &str)],
        #[case] expected: bool,
    ) {
        let request = Values::from([("desired_size".to_owned(), 5.into()), ("max_size".to_owned(), 8.into())]);
        let planned = Timestamp::UNIX_EPOCH;
        let created = aws_smithy_types::DateTime::from_secs(seconds);
        let params =
            params.iter().map(|(kind, value)| UpdateParam::builder().r#type(kind.clone()).value(*value).build());
        let update = Update::builder().r#type(kind).created_at(created).set_params(Some(params.collect()));
        assert_eq!(is_ours(&update.build(), &request, planned), expected);
    }
}
