//! Which runbooks fit a resource, with targets and choices that AWS named.

use std::collections::HashMap;

use futures_util::future::join_all;

use crate::actions::{self, Wanted};
use crate::base::Text;
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
    let kinds: Vec<TargetKind> = TargetKind::ALL.iter().copied().filter(|kind| of_kind(*kind) == signal).collect();
    let mut found: HashMap<&'static str, Vec<Target>> = HashMap::new();
    let mut offers = Vec::new();
    let books = station.runbooks();
    for book in &books {
        let Some(action) = actions::by_id(&book.action) else { continue };
        let mut offer = Offer {
            runbook: book.id.clone().into(),
            title: book.title.clone(),
            action: book.action.clone().into(),
            risk: book.risk,
            targets: Vec::new(),
            params: Vec::new(),
            why_not: None,
            reads_only: !book.mutates(),
            untrusted: matches!(station.trust(&book.id), Trust::New | Trust::Changed),
        };
        let kind = kinds.iter().copied().find(|kind| *kind == book.applies_to.kind);
        let kind = kind.or(kinds.first().copied());
        offer.why_not = match kind {
            None => Some(Text::new(format!("nothing of {signal} can be changed with a runbook"))),
            Some(kind) => book.applies_to.why_not(kind, &resource.name, environment.tier),
        };
        if offer.why_not.is_none() {
            if !found.contains_key(action.id()) {
                let arn = Some(resource.arn.clone()).filter(|arn| !arn.is_empty());
                let wanted = Wanted { arn, name: Some(resource.name.clone()), within: Values::new() };
                found.insert(action.id(), action.find(&session, &wanted).await?);
            }
            offer.targets = found.get(action.id()).cloned().unwrap_or_default();
            if offer.targets.is_empty() {
                offer.why_not = Some(Text::new(format!("{} was not found by {}", resource.name, book.action)));
            }
        }
        let target = offer.targets.first().cloned();
        let params = book.params.iter().map(|param| {
            let (session, target) = (&session, &target);
            async move {
                let choices = match target {
                    Some(target) => action.choices(session, target, &param.name).await.unwrap_or_default(),
                    None => Vec::new(),
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
        });
        if offer.why_not.is_none() {
            offer.params = join_all(params).await;
        }
        offers.push(offer);
    }
    offers.sort_by_key(|offer| offer.why_not.is_some());
    Ok(Offered { offers, problems: station.runbook_problems() })
}
