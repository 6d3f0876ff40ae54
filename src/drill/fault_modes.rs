//! How the drill's endpoint misbehaves on purpose: as data, by account, region, service and operation.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

/// One way to fail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FaultMode {
    /// 503 `ServiceUnavailable`; nothing was done.
    RejectBefore,
    /// Done, but the connection breaks before the answer.
    CommitThenCut,
    /// Done, but the answer is 500 `InternalFailure`.
    CommitThen500,
    /// Answers after this much more time.
    Slow(Duration),
    /// Never answers.
    Hang,
    /// The service's own throttling error.
    Throttle,
    /// The credentials have expired.
    Expired,
    /// The principal lacks the permission.
    Denied,
    /// No connection at all.
    Unreachable,
    /// Answered as always, but another operator has just changed something in the same account and service.
    ChangedFirst(OtherChange),
    /// Done, but after this much simulated time an autoscaler sets the ECS service's desired count to another.
    Overwritten(SignedDuration, u32),
    /// Answered as always, but the `Date` of the answer is this far off.
    Skewed(SignedDuration),
}

/// A change by somebody else, as they would have sent it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OtherChange {
    /// E.g. `UpdateService`.
    pub operation: String,
    /// Its parameters in the service's own names.
    pub input: Value,
}

/// Which requests fail, and how. `None` matches everything.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// 12-digit account.
    pub account: Option<String>,
    /// Region code.
    pub region: Option<String>,
    /// As in [`crate::drill::wire::Service::name`], e.g. `cloudwatch`.
    pub service: Option<String>,
    /// E.g. `GetMetricData`.
    pub operation: Option<String>,
    /// What happens.
    pub mode: FaultMode,
    /// Matching requests that pass before it begins.
    pub skip: u32,
    /// For how many matching requests; `None` for all.
    pub times: Option<u32>,
    /// From when until, not including, when; `None` for always.
    pub during: Option<(Timestamp, Timestamp)>,
}

impl Rule {
    /// Every request fails this way.
    pub fn all(mode: FaultMode) -> Self {
        Self { account: None, region: None, service: None, operation: None, mode, skip: 0, times: None, during: None }
    }

    /// Only this account's requests.
    #[must_use]
    pub fn account(mut self, account: &str) -> Self {
        self.account = Some(account.to_owned());
        self
    }

    /// Only requests to this region.
    #[must_use]
    pub fn region(mut self, region: &str) -> Self {
        self.region = Some(region.to_owned());
        self
    }

    /// Only requests to this service.
    #[must_use]
    pub fn service(mut self, service: &str) -> Self {
        self.service = Some(service.to_owned());
        self
    }

    /// Only requests for this operation.
    #[must_use]
    pub fn operation(mut self, operation: &str) -> Self {
        self.operation = Some(operation.to_owned());
        self
    }

    /// Only the first `times` matching requests.
    #[must_use]
    pub fn times(mut self, times: u32) -> Self {
        self.times = Some(times);
        self
    }

    /// Only from the `number`th matching request on; 1 is the first.
    #[must_use]
    pub fn nth(mut self, number: u32) -> Self {
        self.skip = number.saturating_sub(1);
        self
    }

    /// Only requests from `from` until, not including, `until`.
    #[must_use]
    pub fn during(mut self, from: Timestamp, until: Timestamp) -> Self {
        self.during = Some((from, until));
        self
    }

    fn matches(&self, account: &str, region: &str, service: &str, operation: &str, now: Timestamp) -> bool {
        let fits = |wanted: &Option<String>, actual: &str| wanted.as_deref().is_none_or(|wanted| wanted == actual);
        self.times != Some(0)
            && self.during.is_none_or(|(from, until)| (from..until).contains(&now))
            && fits(&self.account, account)
            && fits(&self.region, region)
            && fits(&self.service, service)
            && fits(&self.operation, operation)
    }
}

/// The rules in force. The first that matches decides.
#[derive(Debug, Default)]
pub struct Rules(Vec<Rule>);

impl Rules {
    /// Adds a rule after the others.
    pub fn add(&mut self, rule: Rule) {
        self.0.push(rule);
    }

    /// Everything works again.
    pub fn clear(&mut self) {
        self.0.clear();
    }

    /// How a request at `now` fails, if it does; uses up one time of the rule.
    pub fn pick(
        &mut self,
        account: &str,
        region: &str,
        service: &str,
        operation: &str,
        now: Timestamp,
    ) -> Option<FaultMode> {
        let passes = |rule: &mut Rule| {
            let skips = rule.skip > 0;
            rule.skip = rule.skip.saturating_sub(1);
            skips
        };
        let mut matching = self.0.iter_mut().filter(|rule| rule.matches(account, region, service, operation, now));
        let rule = matching.find_map(|rule| (!passes(rule)).then_some(rule))?;
        if let Some(times) = &mut rule.times {
            *times -= 1;
        }
        Some(rule.mode.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_matching_rule_decides_until_it_is_used_up() {
        let mut rules = Rules::default();
        rules.add(Rule::all(FaultMode::Throttle).service("ecs").operation("ListServices").times(1));
        rules.add(Rule::all(FaultMode::Denied).account("1").region("r"));
        assert_eq!(rules.pick("1", "r", "ecs", "ListServices", Timestamp::UNIX_EPOCH), Some(FaultMode::Throttle));
        assert_eq!(rules.pick("1", "r", "ecs", "ListServices", Timestamp::UNIX_EPOCH), Some(FaultMode::Denied));
        assert_eq!(rules.pick("1", "other", "ecs", "ListServices", Timestamp::UNIX_EPOCH), None);
        assert_eq!(rules.pick("2", "r", "ecs", "ListServices", Timestamp::UNIX_EPOCH), None);
        rules.clear();
        assert_eq!(rules.pick("1", "r", "ecs", "ListServices", Timestamp::UNIX_EPOCH), None);
    }

    #[test]
    fn a_rule_may_begin_with_a_later_request() {
        let mut rules = Rules::default();
        rules.add(Rule::all(FaultMode::Hang).operation("X").nth(3).times(1));
        let at = Timestamp::UNIX_EPOCH;
        let picked: Vec<bool> = (0..5).map(|_| rules.pick("1", "r", "ecs", "X", at).is_some()).collect();
        assert_eq!(picked, [false, false, true, false, false]);
    }

    #[test]
    fn a_rule_holds_only_in_its_time() {
        let at = |second| Timestamp::from_second(second).unwrap_or_default();
        let mut rules = Rules::default();
        rules.add(Rule::all(FaultMode::Unreachable).during(at(10), at(20)));
        let failing: Vec<i64> =
            [9, 10, 19, 20].into_iter().filter(|t| rules.pick("1", "r", "ecs", "X", at(*t)).is_some()).collect();
        assert_eq!(failing, [10, 19]);
    }
}
