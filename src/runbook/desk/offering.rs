//! Which runbooks fit a resource, with targets and choices that AWS named.

use std::collections::HashMap;

use crate::actions::{self, Action, Choice, Wanted};
use crate::base::Text;
use crate::cloud::Session;
use crate::config::runbook::Param;
use crate::guard::Trust;
use crate::model::{EnvId, Fault, FaultKind, Resource, SignalId, Target, TargetKind, Value, Values};
use crate::runbook::desk::answer::{Offer, OfferParam, Offered};
use crate::runbook::recovery::of_kind;
use crate::runbook::station::Station;

/// Looks the targets up, and the choices of the parameters of everything that fits.
///
/// # Errors
/// The environment cannot be read.
pub async fn offer(station: &Station, env: EnvId, signal: SignalId, resource: &Resource) -> Result<Offered, Fault> {
    let none = || Fault::new(FaultKind::Invalid, "runbooks", "the environment is not configured any more");
    let environment = station.environment(env).ok_or_else(none)?;
    let session = station.reader(env).await?;
    let kind = TargetKind::ALL.iter().copied().find(|kind| of_kind(*kind) == signal);
    let mut lookup = Lookup { session: &session, resource, targets: HashMap::new(), choices: HashMap::new() };
    let mut offers = Vec::new();
    // Without a kind nothing fits; the order and the words are those of any.
    for fit in station.library.for_target(kind.unwrap_or(TargetKind::Alarm), &resource.name, environment.tier) {
        let (book, trust) = (&fit.book.runbook, &fit.book.trust);
        let Some(action) = actions::by_id(&book.action) else { continue };
        let mut offer = Offer {
            runbook: book.id.clone().into(),
            title: book.title.clone(),
            action: book.action.clone().into(),
            risk: book.risk,
            targets: Vec::new(),
            params: Vec::new(),
            why_not: match kind {
                None => Some(Text::new(format!("nothing of {signal} can be changed with a runbook"))),
                Some(_) => fit.why_not,
            },
            reads_only: !book.mutates(),
            untrusted: matches!(trust, Trust::New | Trust::Changed),
        };
        if offer.why_not.is_none() {
            offer.targets = lookup.targets(action).await?;
            match offer.targets.first() {
                None => {
                    offer.why_not = Some(Text::new(format!("{} was not found by {}", resource.name, book.action)));
                }
                Some(target) => {
                    for param in &book.params {
                        offer.params.push(lookup.param(action, target, param).await);
                    }
                }
            }
        }
        offers.push(offer);
    }
    offers.sort_by_key(|offer| offer.why_not.is_some());
    Ok(Offered {
        offers,
        problems: station.library.problems().iter().map(|problem| problem.to_string().into()).collect(),
    })
}

/// What each parameter of a runbook can be set to on one target. Nothing where it cannot be listed: it can be typed.
pub async fn choices(station: &Station, env: EnvId, runbook: &str, target: &Target) -> Vec<Vec<Choice>> {
    let Some(book) = station.library.get(runbook) else { return Vec::new() };
    let (Some(action), Ok(session)) = (actions::by_id(&book.action), station.reader(env).await) else {
        return Vec::new();
    };
    let mut all = Vec::new();
    for param in &book.params {
        all.push(action.choices(&session, target, &param.name).await.unwrap_or_default());
    }
    all
}

/// Targets and choices by action: several runbooks use one, and AWS is asked once.
struct Lookup<'a> {
    session: &'a Session,
    resource: &'a Resource,
    targets: HashMap<&'static str, Vec<Target>>,
    choices: HashMap<(&'static str, String), Vec<Choice>>,
}

impl Lookup<'_> {
    async fn targets(&mut self, action: &'static dyn Action) -> Result<Vec<Target>, Fault> {
        if let Some(known) = self.targets.get(action.id()) {
            return Ok(known.clone());
        }
        let arn = Some(self.resource.arn.clone()).filter(|arn| !arn.is_empty());
        let wanted = Wanted { arn, name: Some(self.resource.name.clone()), within: Values::new() };
        let found = action.find(self.session, &wanted).await?;
        self.targets.insert(action.id(), found.clone());
        Ok(found)
    }

    async fn param(&mut self, action: &'static dyn Action, target: &Target, param: &Param) -> OfferParam {
        let key = (action.id(), param.name.clone());
        let choices = match self.choices.get(&key) {
            Some(known) => known.clone(),
            None => {
                // What cannot be listed can be typed; the plan says what is wrong with it.
                let found = action.choices(self.session, target, &param.name).await.unwrap_or_default();
                self.choices.insert(key, found.clone());
                found
            }
        };
        OfferParam {
            name: param.name.clone().into(),
            help: param.help.clone(),
            kind: param.kind.word().into(),
            required: param.required,
            default: param.default.clone().unwrap_or(Value::None),
            min: param.min.map_or(Value::None, Value::Number),
            max: param.max.map_or(Value::None, Value::Number),
            choices,
        }
    }
}
