//! A runbook in the incident it is for: what it must send, write down, leave open and bring back.

use serde_json::Value as Json;
use watchfloor::model::Value;
use watchfloor::model::record::Ending;
use watchfloor::runbook::inverse::{self, NoInverse};
use watchfloor::runbook::machine::{Check, Phase, Recovery, Run};

use crate::stage::{Stage, ending, quiet, said};

/// Stands for any value in what is expected of a request.
pub const ANY: &str = "*";

/// Operation and all of its parameters.
pub type Sends = Vec<(&'static str, Json)>;

/// One runbook in one incident.
pub struct Case {
    pub runbook: &'static str,
    /// Estate, scenario, environment, minutes since the incident began.
    pub place: (&'static str, &'static str, &'static str, u64),
    pub target: &'static str,
    pub params: Vec<(&'static str, Value)>,
    /// A runbook that is run first, with its parameters; this one settles what it leaves.
    pub before: Option<(&'static str, Vec<(&'static str, Value)>)>,
    /// Everything that is sent, in its order.
    pub sends: Sends,
    /// What is left that somebody must bring back, in a part of its words.
    pub owes: Option<&'static str>,
    /// A signal of what the runbook verifies is bad before: it is the incident's.
    pub ends_it: bool,
    /// Alarms that tell of the incident: in ALARM before, OK soon after.
    pub over: Vec<&'static str>,
    pub back: Back,
}

/// How the inverse goes.
pub enum Back {
    /// Nothing brings it back.
    None,
    /// It sends this, and is verified.
    To(Sends),
    /// It sends this, is verified, and leaves something to be brought back itself: a part of its words.
    Owing(Sends, &'static str),
    /// It is refused as long as this is so, and sends nothing: a part of its words.
    Refused(&'static str),
    /// It sends this and fails, as it must: a part of its words.
    Fails(Sends, &'static str),
}

/// Minutes of the drill after a verified run until the alarms of the incident are OK.
const OVER_MIN: u64 = 30;

impl Case {
    /// Runs it until it is verified, and back.
    pub async fn play(self) {
        let (estate, scenario, environment, minutes) = self.place;
        let stage = Stage::new(estate, scenario, environment, minutes);
        if let Some((runbook, params)) = &self.before {
            let run = stage.run(runbook, self.target, params).await;
            let run = stage.carry_out(run, quiet).await;
            assert_verified(&run);
        }
        for alarm in &self.over {
            assert_eq!(stage.alarm(alarm).await, "ALARM", "{alarm} tells of the incident");
        }
        let (sent, written) = (stage.changes().len(), stage.order().len());
        let run = stage.run(self.runbook, self.target, &self.params).await;
        let bad = stage.signals(&run).await.into_iter().filter(|(_, recovery)| *recovery == Recovery::NotYet).count();
        assert_eq!(bad > 0, self.ends_it, "what {} verifies is bad before", self.runbook);
        let run = stage.carry_out(run, quiet).await;
        assert_verified(&run);
        assert_sent(&stage, sent, &self.sends);
        assert_eq!(
            stage.order()[written..],
            order(&self.sends, self.owes.is_some(), self.before.is_some()),
            "the records of {}",
            self.runbook
        );
        assert_whole(&stage);
        assert_owed(&stage, self.owes);
        assert_over(&stage, &self.over).await;
        self.back.play(&stage, &run).await;
    }
}

impl Back {
    async fn play(self, stage: &Stage, run: &Run) {
        let sent = stage.changes().len();
        let (sends, owes, fails) = match self {
            Self::None => {
                let none = inverse::of_run(&stage.station, &run.id).err();
                let fits = match none {
                    Some(NoInverse::None(_)) => !run.sendings.is_empty(),
                    Some(NoInverse::NotApplied(_)) => run.sendings.is_empty(),
                    _ => false,
                };
                assert!(fits, "{none:?}");
                return;
            }
            Self::Refused(says) => {
                stage.station.arm(stage.env).await.expect("armed");
                let back = stage.let_go(stage.inverse(&run.id), quiet).await;
                assert_eq!(ending(&back), Some(Ending::NotSent), "{:?}", back.ending);
                assert!(said(&back).contains(says), "{}", said(&back));
                assert_eq!(stage.changes().len(), sent);
                return;
            }
            Self::To(sends) => (sends, None, None),
            Self::Owing(sends, owes) => (sends, Some(owes), None),
            Self::Fails(sends, says) => (sends, None, Some(says)),
        };
        let written = stage.order().len();
        let settles = !stage.owed().is_empty();
        stage.station.arm(stage.env).await.expect("armed");
        let back = stage.let_go(stage.inverse(&run.id), quiet).await;
        match fails {
            None => assert_verified(&back),
            Some(says) => {
                assert_eq!(ending(&back), Some(Ending::Failed), "{:?}", back.ending);
                assert!(back.ending.as_ref().unwrap().1.contains(says), "{:?}", back.ending);
            }
        }
        assert_sent(stage, sent, &sends);
        assert_eq!(stage.order()[written..], order(&sends, owes.is_some(), settles), "the records of the inverse");
        assert_whole(stage);
        assert_owed(stage, owes);
    }
}

fn assert_whole(stage: &Stage) {
    assert_eq!(stage.station.broken(), None);
    assert_eq!(stage.unresolved(), Vec::<String>::new());
}

fn assert_owed(stage: &Stage, owes: Option<&str>) {
    let owed = stage.owed();
    assert_eq!(owed.len(), usize::from(owes.is_some()), "{owed:?}");
    assert!(owes.is_none_or(|part| owed[0].contains(part)), "{owed:?}");
}

/// The alarms that told of the incident are OK on data of after the run, each of them at once.
async fn assert_over(stage: &Stage, alarms: &[&str]) {
    for minute in 0..=OVER_MIN {
        let mut states = Vec::new();
        for alarm in alarms {
            states.push((*alarm, stage.alarm(alarm).await));
        }
        if states.iter().all(|(_, state)| state == "OK") {
            return;
        }
        assert!(minute < OVER_MIN, "after {minute} min {states:?}");
        stage.minutes(1).await;
    }
}

/// Records of a run that sends this.
fn order(sends: &Sends, owes: bool, settles: bool) -> Vec<&'static str> {
    let mut order = vec!["armed"];
    for _ in sends {
        order.extend(["intent", "outcome"]);
        order.extend(owes.then_some("owed"));
    }
    order.push("closed");
    order.extend(settles.then_some("settled"));
    order
}

/// Closed as verified: everything that the runbook asks for holds, on data that is newer than what was sent.
pub fn assert_verified(run: &Run) {
    let refusals: Vec<_> = run.refusals().map(|refusal| refusal.line(run.began, "")).collect();
    assert_eq!(
        ending(run),
        Some(Ending::Verified),
        "{:?} {:?} unmet {:?} refused {refusals:?} no plan {:?} seen {:#?}",
        run.course.runbook,
        run.ending,
        run.unmet,
        run.no_plan,
        run.seen
    );
    assert_eq!(run.phase, Phase::Closed);
    assert_eq!(run.unwritten, None);
    let sent_at = run.sendings.last().map(|sending| sending.at);
    for (check, checked) in run.course.verify.iter().zip(&run.checks) {
        assert!(checked.holds && !checked.unknown, "{check:?} {checked:?}");
        if matches!(check, Check::Signal { .. }) {
            assert!(checked.at > sent_at, "{check:?} on data of {:?}, sent at {sent_at:?}", checked.at);
        }
    }
}

fn assert_sent(stage: &Stage, before: usize, sends: &Sends) {
    let sent: Vec<(String, Json)> =
        stage.changes()[before..].iter().map(|one| (one.operation.clone(), one.input.clone())).collect();
    let fits = sent.len() == sends.len()
        && sent.iter().zip(sends).all(|((operation, input), (wanted, with))| operation == wanted && same(input, with));
    assert!(fits, "sent {sent:#?}\nwanted {sends:#?}");
}

/// The same parameters, none more.
fn same(input: &Json, wanted: &Json) -> bool {
    match (input, wanted) {
        (_, Json::String(any)) if any == ANY => true,
        (Json::Object(input), Json::Object(wanted)) => {
            input.len() == wanted.len()
                && wanted.iter().all(|(name, value)| input.get(name).is_some_and(|given| same(given, value)))
        }
        _ => input == wanted,
    }
}
