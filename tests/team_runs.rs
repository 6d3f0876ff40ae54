//! Critical changes with a second person, and two operators at one target: through the table that the team shares, on
//! stations that have nothing else in common.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use aws_credential_types::Credentials;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use watchfloor::actions::{self, Wanted};
use watchfloor::base::{Clock, Text};
use watchfloor::cloud::{SharedTable, Transport};
use watchfloor::config::runbook::trust::{TrustFile, hash};
use watchfloor::config::{Source, Team};
use watchfloor::drill::fault_modes::{FaultMode, Rule};
use watchfloor::drill::wire::Endpoint;
use watchfloor::drill::{Drill, DrillOptions, connector};
use watchfloor::guard::{confirm, digest};
use watchfloor::model::record::{Ending, Overridden};
use watchfloor::model::{Entry, EnvId, Record, Values};
use watchfloor::poll::sessions::Sessions;
use watchfloor::runbook::audit::{Files, Ledger, Reader};
use watchfloor::runbook::books::Library;
use watchfloor::runbook::course;
use watchfloor::runbook::driver::Driver;
use watchfloor::runbook::machine::{Event, Phase, Run};
use watchfloor::runbook::station::{Place, Station};
use watchfloor::runbook::team::proposal::Proposal;
use watchfloor::runbook::team::{approvals, setup};
use watchfloor::runbook::words::words;

#[path = "team_runs/locks.rs"]
mod locks;

const ACCOUNT: &str = "333333333333";
const FUNCTION: &str = "payments-prod-payment-processing";
const RULE: &str = "approval/payments-prod-payment-processing";
/// Moves an alias; the operator and one other person must want it.
const CRITICAL: &str = r#"schema = 1
id = "critical-alias"
title = "Move the alias, with a second person"
action = "lambda.alias_rollback"
risk = "critical"
approvals = 2
params.to = { type = "version", default = "previous" }
steps = [{ id = "apply", send = "function_version", value = "{{to}}" }]
verify = [{ that = "current == to" }]
"#;

/// A drill that serves the table of a team too, and what the team's machines have in common: nothing.
struct Estate {
    drill: Drill,
    endpoint: Arc<Endpoint>,
    folder: tempfile::TempDir,
    team: Team,
}

/// Somebody with a principal and a machine of their own.
struct Person {
    name: &'static str,
    arn: String,
    station: Arc<Station>,
    files: Files,
    table: SharedTable,
    runs: Mutex<u32>,
}

impl Estate {
    async fn new(latency_ms: u64) -> Self {
        let options = DrillOptions {
            scenario: Some("calm".to_owned()),
            ..DrillOptions::new("payments", "2026-11-21T03:04:00Z".parse().unwrap())
        };
        let drill = Drill::open(&options).unwrap();
        let endpoint = Arc::new(drill.endpoint().latency(Duration::from_millis(latency_ms)));
        let team = Team {
            table: Some("watchfloor".to_owned()),
            region: Some("us-east-1".to_owned()),
            account: Some(ACCOUNT.to_owned()),
            ..Team::default()
        };
        let estate = Self { drill, endpoint, folder: tempfile::tempdir().unwrap(), team };
        setup::init(&estate.person("init").await.table, |_| {}).await.unwrap();
        estate
    }

    async fn person(&self, name: &'static str) -> Person {
        self.person_with(name, self.drill.clock.clone()).await
    }

    async fn person_with(&self, name: &'static str, clock: Clock) -> Person {
        let role = format!("arn:aws:iam::{ACCOUNT}:role/on-call");
        let hour = Duration::from_secs(3600);
        let session = self.endpoint.accounts().assume(&role, name, hour, std::time::SystemTime::UNIX_EPOCH).unwrap();
        let (key, token) = (session.access_key_id, session.session_token);
        let own = Arc::new(move |_: &_| Credentials::new(key.clone(), "x", Some(token.clone()), None, "test"));
        let transport = Transport { credentials: Some(own), ..connector::transport(Arc::clone(&self.endpoint)) };
        let files = Files::new(self.folder.path().join(name), Ledger::Real);
        let mut trusted = TrustFile::default();
        trusted.trust("critical-alias", &hash(CRITICAL));
        let built_in: Vec<Source> =
            watchfloor::config::runbooks().into_iter().map(|(name, text)| Source::new(name, text)).collect();
        let books = Library::of(&built_in, &[Source::new("critical.toml", CRITICAL)], &words(), &trusted);
        let mut config = self.drill.config.clone();
        config.team.clone_from(&self.team);
        let table = SharedTable::open(&self.team, &transport).await.unwrap().unwrap().on(&clock);
        let station = Arc::new(Station::new(Place {
            config: Arc::new(config),
            transport,
            clock,
            sessions: Sessions::default(),
            files: files.clone(),
            operator: format!("{name}@desk").into(),
            console: format!("desk/{name}").into(),
            books,
        }));
        Person { name, arn: session.caller.arn, station, files, table, runs: Mutex::default() }
    }

    /// How often the alias was asked to be moved.
    fn sent(&self) -> usize {
        self.endpoint.log().changes().iter().filter(|one| one.operation == "UpdateAlias").count()
    }

    async fn minutes(&self, minutes: u64) {
        tokio::time::advance(Duration::from_secs(minutes * 60)).await;
    }
}

impl Person {
    fn env(&self) -> EnvId {
        self.station.environment_of("payments/prod").unwrap()
    }

    /// Arms, plans, confirms, and gives up where that is refused.
    async fn attempt(&self, runbook: &str, to: &str, over: Option<Overridden>) -> Run {
        self.start(runbook, to, over, |_| None).await.await.unwrap()
    }

    /// The same, under way. `decide` hears of every state and may say more.
    async fn start(
        &self,
        runbook: &str,
        to: &str,
        over: Option<Overridden>,
        decide: impl Fn(&Run) -> Option<Event> + Send + 'static,
    ) -> JoinHandle<Run> {
        self.station.arm(self.env()).await.unwrap();
        let book = self.station.library.get(runbook).expect("there is such a runbook");
        let action = actions::by_id(&book.action).unwrap();
        let given = Values::from([("to".to_owned(), to.into())]);
        let (course, values) = course::for_team(book, &given, self.station.config.team.approvals).unwrap();
        let session = self.station.reader(self.env()).await.unwrap();
        let wanted = Wanted { name: Some(FUNCTION.into()), within: values.clone(), ..Wanted::default() };
        let target = action.find(&session, &wanted).await.unwrap().remove(0);
        let number = {
            let mut runs = self.runs.lock().unwrap();
            *runs += 1;
            *runs
        };
        let now = self.station.clock.now();
        let id: Text = format!("r-{}-{number}", self.name).into();
        let run = Run::new(id, Arc::new(course), target, values, now);
        let (commands, receiver) = mpsc::channel(16);
        let commands = Mutex::new(Some(commands));
        let tell = move |run: &Run| {
            let mut held = commands.lock().unwrap();
            if let (Some(event), Some(sender)) = (decide(run), held.as_ref()) {
                sender.try_send(event).unwrap();
            }
            if run.phase != Phase::Ready || run.situation.is_none() {
                return;
            }
            if run.attempts > 0 {
                *held = None;
            } else if let Some(sender) = held.as_ref().filter(|_| run.given.overridden.is_empty()) {
                if let Some(over) = &over {
                    sender.try_send(Event::Overrode(over.clone())).unwrap();
                }
                let (plan, situation) = (run.plan.as_ref().unwrap(), run.situation.as_ref().unwrap());
                let typed = confirm::phrase_for(plan, situation, run.course.policy.risk);
                sender.try_send(Event::Confirmed { typed, reason: "5xx since 03:01".into() }).unwrap();
            }
        };
        let driver = Driver::new(Arc::clone(&self.station), self.env(), action);
        tokio::spawn(driver.drive(run, receiver, tell))
    }

    async fn critical(&self, to: &str) -> Run {
        self.attempt("critical-alias", to, None).await
    }

    /// The plan of a run, as it stands in the table.
    async fn seen(&self, run: &Run) -> Proposal {
        let digest = digest::digest(run.plan.as_ref().unwrap());
        approvals::proposal(&self.table, &digest).await.unwrap().expect("it was put there")
    }

    /// Approves as the command does.
    async fn approve(&self, run: &Run) -> Result<(), String> {
        let proposal = self.seen(run).await;
        let identity = self.table.verify_identity().await.unwrap();
        let now = self.station.clock.now();
        proposal.may_be_approved(&identity.arn, now, self.table.clock_skew())?;
        approvals::approve(&self.table, &proposal, &identity.arn, "looks right", now).await.unwrap();
        Ok(())
    }

    /// Writes an approval whatever the rules of the command say.
    async fn forge(&self, run: &Run) {
        let proposal = self.seen(run).await;
        approvals::approve(&self.table, &proposal, &self.arn, "whatever", self.station.clock.now()).await.unwrap();
    }

    fn records(&self) -> Vec<Record> {
        let mut all = Vec::new();
        Reader::open(self.files.clone()).read(|record| all.push(record.clone())).unwrap();
        all
    }
}

fn ending(run: &Run) -> Ending {
    run.ending.as_ref().expect("it is over").0
}

#[track_caller]
fn refused(run: &Run, says: &str) {
    let rules: Vec<&str> = run.refusals().map(|verdict| verdict.rule.as_str()).collect();
    assert_eq!((ending(run), rules), (Ending::NotSent, vec![RULE]), "{:?}", run.ending);
    let found = run.refusals().next().unwrap().says.clone();
    assert!(found.contains(says), "{found}");
}

#[track_caller]
fn verified(run: &Run) {
    assert_eq!(ending(run), Ending::Verified, "{:?} {:?}", run.ending, run.verdicts);
}

#[tokio::test(start_paused = true)]
async fn another_principal_approves_the_plan_and_it_is_sent_once() {
    let estate = Estate::new(0).await;
    let (kim, sam) = (estate.person("kim").await, estate.person("sam").await);
    let first = kim.critical("41").await;
    refused(&first, "approved by 0 of 1 other principals");
    assert_eq!(estate.sent(), 0);
    let told = kim.seen(&first).await;
    assert_eq!((told.principal.as_str(), told.operator.as_str()), (kim.arn.as_str(), "kim@desk"));
    assert_eq!(told.phrase(), format!("approve prod {FUNCTION} 41"));

    sam.approve(&first).await.unwrap();
    estate.minutes(4).await;
    let second = kim.critical("41").await;
    verified(&second);
    assert_eq!(estate.sent(), 1);
    let intent = kim.records().into_iter().find_map(|record| match record.entry {
        Entry::Intent { approved_by, digest, .. } => Some((approved_by, digest)),
        _ => None,
    });
    let planned = digest::digest(first.plan.as_ref().unwrap());
    assert_eq!(intent, Some((vec![sam.arn.as_str().into()], planned.as_str().into())));

    // One approval is for one plan: there and back, and there again, is another one.
    verified(&kim.attempt("lambda-alias-rollback", "42", None).await);
    let again = kim.critical("41").await;
    assert_ne!(digest::digest(again.plan.as_ref().unwrap()), planned, "the alias has another revision now");
    refused(&again, "approved by 0 of 1 other principals");
    assert_eq!(estate.sent(), 2);
}

#[tokio::test(start_paused = true)]
async fn neither_oneself_nor_the_approval_of_another_plan_counts() {
    let estate = Estate::new(0).await;
    let (kim, sam) = (estate.person("kim").await, estate.person("sam").await);
    let wanted = kim.critical("41").await;
    assert!(kim.approve(&wanted).await.unwrap_err().contains("another principal must approve"));
    kim.forge(&wanted).await;
    refused(&kim.critical("41").await, "approved by 0 of 1 other principals");
    let other = kim.critical("40").await;
    sam.approve(&other).await.unwrap();
    refused(&kim.critical("41").await, "approved by 0 of 1 other principals");
    // The plan of another person is not one's own to execute on the same approval.
    assert_eq!(estate.sent(), 0);
}

#[tokio::test(start_paused = true)]
async fn one_operator_in_two_terminals_with_names_of_the_sdk_is_one_person() {
    let estate = Estate::new(0).await;
    let here = estate.person("assume-role-from-profile-1732204800123").await;
    let there = estate.person("assume-role-from-profile-1732204811456").await;
    let wanted = here.critical("41").await;
    assert!(there.approve(&wanted).await.unwrap_err().contains("another principal must approve"));
    there.forge(&wanted).await;
    refused(&here.critical("41").await, "approved by 0 of 1 other principals");
    // A person whose plan it is not may be anybody as well.
    let kim = estate.person("kim").await;
    let wanted = kim.critical("40").await;
    assert!(there.approve(&wanted).await.unwrap_err().contains("set role_session_name"));
    there.forge(&wanted).await;
    refused(&kim.critical("40").await, "approved by 0 of 1 other principals");
    assert_eq!(estate.sent(), 0);
}

#[tokio::test(start_paused = true)]
async fn the_same_plan_of_another_person_stands_until_nobody_can_execute_it() {
    let estate = Estate::new(0).await;
    let (kim, sam) = (estate.person("kim").await, estate.person("sam").await);
    kim.critical("41").await;
    refused(&sam.critical("41").await, "kim@desk has put the same plan there at");
    estate.minutes(19).await;
    refused(&sam.critical("41").await, "approve that one, or wait 20 min");
    estate.minutes(2).await;
    let own = sam.critical("41").await;
    refused(&own, "approved by 0 of 1 other principals");
    assert_eq!(kim.seen(&own).await.operator, "sam@desk");
    kim.approve(&own).await.unwrap();
    verified(&sam.critical("41").await);
    assert_eq!(estate.sent(), 1);
}

#[tokio::test(start_paused = true)]
async fn fifteen_minutes_to_approve_and_five_to_execute() {
    let estate = Estate::new(0).await;
    let (kim, sam) = (estate.person("kim").await, estate.person("sam").await);
    let wanted = kim.critical("41").await;
    estate.minutes(16).await;
    assert!(sam.approve(&wanted).await.unwrap_err().contains("allowed are 15"));
    sam.forge(&wanted).await;
    // The plan is put there anew, with another quarter of an hour.
    let anew = kim.critical("41").await;
    refused(&anew, "approved by 0 of 1 other principals");
    estate.minutes(14).await;
    sam.approve(&anew).await.unwrap();
    estate.minutes(6).await;
    refused(&kim.critical("41").await, "approved by 0 of 1 other principals");
    assert_eq!(estate.sent(), 0);
    sam.approve(&anew).await.unwrap();
    estate.minutes(4).await;
    verified(&kim.critical("41").await);
    assert_eq!(estate.sent(), 1);
}

#[tokio::test(start_paused = true)]
async fn breaking_the_glass_takes_a_reason_and_is_on_record() {
    let estate = Estate::new(0).await;
    let kim = estate.person("kim").await;
    let over = |reason: &str| Some(Overridden { rule: RULE.into(), reason: reason.into() });
    refused(&kim.attempt("critical-alias", "41", over(" ")).await, "approved by 0 of 1 other principals");
    assert_eq!(estate.sent(), 0);
    verified(&kim.attempt("critical-alias", "41", over("nobody else is awake")).await);
    assert_eq!(estate.sent(), 1);
    let overridden = kim.records().into_iter().find_map(|record| match record.entry {
        Entry::Intent { overridden, approved_by, .. } => Some((overridden, approved_by)),
        _ => None,
    });
    let expected = Overridden { rule: RULE.into(), reason: "nobody else is awake".into() };
    assert_eq!(overridden, Some((vec![expected], vec![])));
}

#[tokio::test(start_paused = true)]
async fn a_table_that_cannot_be_read_approves_nothing_and_locks_nobody_in() {
    let estate = Estate::new(0).await;
    let (kim, sam) = (estate.person("kim").await, estate.person("sam").await);
    let wanted = kim.critical("41").await;
    sam.approve(&wanted).await.unwrap();
    for operation in ["Query", "GetItem"] {
        estate.endpoint.rules().add(Rule::all(FaultMode::Denied).operation(operation));
        let run = kim.critical("41").await;
        assert_eq!(ending(&run), Ending::NotSent);
        assert!(run.refusals().any(|verdict| verdict.rule == RULE && verdict.says.contains("cannot be read")));
    }
    assert_eq!(estate.sent(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_clock_that_is_off_approves_nothing() {
    for (off_s, is_relied_on) in [(59, true), (-59, true), (61, false), (-61, false)] {
        let estate = Estate::new(0).await;
        let (kim, sam) = (estate.person("kim").await, estate.person("sam").await);
        let wanted = kim.critical("41").await;
        let off = jiff::SignedDuration::from_secs(off_s);
        estate.endpoint.rules().add(Rule::all(FaultMode::Skewed(off)));
        let approved = sam.approve(&wanted).await;
        assert_eq!(approved.is_ok(), is_relied_on, "{off_s}: {approved:?}");
        sam.forge(&wanted).await;
        let run = kim.critical("41").await;
        assert_eq!(ending(&run) == Ending::Verified, is_relied_on, "{off_s}: {:?}", run.ending);
        assert_eq!(estate.sent(), usize::from(is_relied_on), "{off_s}");
        if !is_relied_on {
            let rule = run.refusals().find(|verdict| verdict.rule == RULE).expect("the approval is not relied on");
            assert!(rule.says.contains("the clock is") && rule.says.contains("age of approvals"), "{}", rule.says);
        }
    }
}

#[tokio::test(start_paused = true)]
async fn of_two_operators_at_one_target_exactly_one_sends() {
    let estate = Estate::new(40).await;
    let (kim, sam) = (estate.person("kim").await, estate.person("sam").await);
    for round in 0..8_u64 {
        let to = if round % 2 == 0 { "41" } else { "42" };
        let before = estate.sent();
        let late = async {
            tokio::time::sleep(Duration::from_millis(round * 35)).await;
            sam.attempt("lambda-alias-rollback", to, None).await
        };
        let (one, two) = tokio::join!(kim.attempt("lambda-alias-rollback", to, None), late);
        let ended: BTreeSet<_> = [ending(&one), ending(&two)].map(|ending| format!("{ending:?}")).into();
        let both = BTreeSet::from(["NotSent".to_owned(), "Verified".to_owned()]);
        assert_eq!((estate.sent() - before, ended), (1, both), "{round}: {:?} {:?}", one.ending, two.ending);
        let loser = if ending(&one) == Ending::NotSent { &one } else { &two };
        let refusals: Vec<&str> = loser.refusals().map(|verdict| verdict.says.as_str()).collect();
        let told = refusals.iter().any(|says| says.contains("holds it")) || !loser.unmet.is_empty();
        assert!(told || !refusals.is_empty(), "{round}: it says why");
    }
}

#[tokio::test(start_paused = true)]
async fn the_records_of_every_machine_arrive_in_the_table() {
    let estate = Estate::new(0).await;
    let (kim, sam) = (estate.person("kim").await, estate.person("sam").await);
    verified(&kim.attempt("lambda-alias-rollback", "41", None).await);
    verified(&sam.attempt("lambda-alias-rollback", "42", None).await);
    for person in [&kim, &sam] {
        for _ in 0..2 {
            assert_eq!(person.station.copy_records().await, (0, None));
        }
        let records = person.records();
        let copied = kim.table.all(&format!("records#{}", records[0].hash)).await.unwrap();
        let text = |item: &watchfloor::cloud::shared_table::Item| item["record"].as_s().unwrap().clone();
        let copied: Vec<Record> = copied.iter().map(|item| serde_json::from_str(&text(item)).unwrap()).collect();
        assert_eq!(copied, records, "{}", person.name);
    }
}
