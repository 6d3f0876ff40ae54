//! What counts of a value when environments are compared: names without environment, account and region.

use std::collections::HashMap;

use crate::base::Text;
use crate::compare::setting::{Meaning, Value};
use crate::compare::snapshot::Snapshot;
use crate::model::{Environment, Fault};
use crate::signals::naming::Naming;

/// What counts of a tag that says the environment's own name, tier, region or account. No other value can count as it:
/// words that are left of a name begin with no space.
pub const OWN: &str = " its own";

/// Reduces one environment's values to what counts.
#[derive(Debug)]
pub struct Canonical<'a> {
    naming: &'a Naming,
    environment: Environment,
    keys: HashMap<String, Text>,
    keys_unlisted: Option<Fault>,
}

impl<'a> Canonical<'a> {
    /// For the values of a snapshot.
    pub fn new(snapshot: &Snapshot, naming: &'a Naming) -> Self {
        let environment = snapshot.environment();
        let logical = |alias: &Text| {
            let name = alias.strip_prefix("alias/").unwrap_or(alias);
            Text::new(format!("alias/{}", naming.own(name, &environment)))
        };
        let keys = snapshot.key_names.iter().map(|(id, alias)| (id.to_string(), logical(alias))).collect();
        Self { naming, environment, keys, keys_unlisted: snapshot.unlisted("kms key").cloned() }
    }

    /// The row that a resource stands in.
    pub fn logical(&self, name: &str) -> Text {
        self.naming.logical(name, &self.environment)
    }

    /// What counts of a name that the environment refers to.
    fn own(&self, name: &str) -> Text {
        self.naming.own(name, &self.environment)
    }

    /// What counts of a setting's value.
    pub fn value(&self, value: &Value, meaning: Meaning) -> Value {
        match (meaning, value) {
            (Meaning::Names, Value::Text(text)) => self.expression(text).map_or_else(Value::Unknown, Value::Text),
            (Meaning::Names, Value::List(words)) => {
                let words: Result<Vec<Text>, Fault> = words.iter().map(|word| self.expression(word)).collect();
                words.map_or_else(Value::Unknown, Value::list)
            }
            _ => value.clone(),
        }
    }

    /// What counts of a tag's value: the environment's own name, account and region are what they should be anywhere.
    pub fn tag(&self, value: &str) -> Value {
        let environment = &self.environment;
        let own = [&*environment.name, environment.tier.word(), &*environment.region];
        let is_own = own.iter().any(|own| value.eq_ignore_ascii_case(own))
            || environment.account.as_deref().is_some_and(|account| account == value);
        Value::Text(if is_own { OWN.into() } else { self.own(value.trim()) })
    }

    /// Every name in a text that may be an expression, e.g. `ALARM("payments-prod-api-5xx") OR …`.
    fn expression(&self, text: &str) -> Result<Text, Fault> {
        let is_end = |c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '(' | ')' | ',' | '=');
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while !rest.is_empty() {
            let (name, tail) = rest.split_at(rest.find(is_end).unwrap_or(rest.len()));
            if !name.is_empty() {
                out.push_str(&self.name(name)?);
            }
            let mut ends = tail.chars();
            out.extend(ends.next());
            rest = ends.as_str();
        }
        Ok(Text::new(out))
    }

    /// One name or ARN.
    fn name(&self, name: &str) -> Result<String, Fault> {
        if let Some(alias) = name.strip_prefix("alias/") {
            return Ok(format!("alias/{}", self.own(alias)));
        }
        let Some((place, service, resource)) = self.arn(name) else {
            return Ok(match self.keys.get(name) {
                Some(key) => key.to_string(),
                None => self.own(without_id(name)).to_string(),
            });
        };
        if let ("kms", Some(id)) = (service, resource.strip_prefix("key/")) {
            return match (self.keys.get(id), &self.keys_unlisted) {
                (Some(key), _) => Ok(key.to_string()),
                // Whose key it is cannot be told without the names of the keys.
                (None, Some(fault)) => Err(fault.clone()),
                (None, None) => Ok(format!("kms:{place}key/{id}")),
            };
        }
        if let ("kms", Some(alias)) = (service, resource.strip_prefix("alias/")) {
            return Ok(format!("{place}alias/{}", self.own(alias)));
        }
        let resource = if service == "secretsmanager" { without_suffix(resource) } else { without_id(resource) };
        Ok(format!("{service}:{place}{}", self.own(resource)))
    }

    /// Place, service and resource of `arn:partition:service:region:account:resource`. Of the place only what is not
    /// the environment's own: another region, another account than its own or AWS's.
    fn arn<'n>(&self, name: &'n str) -> Option<(String, &'n str, &'n str)> {
        let mut parts = name.strip_prefix("arn:")?.splitn(5, ':');
        let service = parts.nth(1)?;
        let (region, account, resource) = (parts.next()?, parts.next()?, parts.next()?);
        let mut place = String::new();
        if !region.is_empty() && *region != *self.environment.region {
            place = format!("{region}:");
        }
        let own = self.environment.account.as_deref().is_none_or(|own| own == account);
        if !own && !matches!(account, "" | "aws") {
            place = format!("{place}{account}:");
        }
        Some((place, service, resource))
    }
}

/// Without the id that Elastic Load Balancing puts at the end: `app/payments/50dc6c495c0c9188`.
fn without_id(resource: &str) -> &str {
    match resource.rsplit_once('/') {
        Some((head, id)) if head.contains('/') && id.len() == 16 && id.bytes().all(|b| b.is_ascii_hexdigit()) => head,
        _ => resource,
    }
}

/// Without the six characters that Secrets Manager puts at the end of a secret's ARN.
fn without_suffix(resource: &str) -> &str {
    match resource.rsplit_once('-') {
        Some((head, suffix)) if suffix.len() == 6 && suffix.bytes().all(|b| b.is_ascii_alphanumeric()) => head,
        _ => resource,
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::model::{EnvId, FaultKind, Tier};

    fn prod() -> Snapshot {
        let environment = Environment {
            id: EnvId(0),
            system: "payments".into(),
            name: "prod".into(),
            tier: Tier::Production,
            region: "us-east-1".into(),
            account: Some("333333333333".into()),
            profile: None,
            read_only: true,
        };
        let mut snapshot = Snapshot::empty(&environment, "2026-11-21T03:00:00Z".parse().unwrap());
        snapshot.key_names =
            [("1b2c".into(), "alias/payments-prod".into()), ("9f".into(), "alias/aws/rds".into())].into();
        snapshot
    }

    #[rstest]
    #[case("arn:aws:sns:us-east-1:333333333333:payments-prod-alerts", "sns:alerts")]
    #[case("arn:aws:sns:us-east-1:333333333333:payments-staging-alerts", "sns:staging-alerts")]
    #[case("arn:aws:sns:us-west-2:222222222222:payments-prod-alerts", "sns:us-west-2:222222222222:alerts")]
    #[case("arn:aws:iam::aws:policy/ReadOnly", "iam:policy/ReadOnly")]
    #[case("arn:aws:kms:us-east-1:333333333333:key/1b2c", "alias/payments")]
    #[case("1b2c", "alias/payments")]
    #[case("arn:aws:kms:us-east-1:333333333333:key/9f", "alias/aws/rds")]
    #[case("alias/payments-prod", "alias/payments")]
    #[case("arn:aws:kms:us-east-1:333333333333:key/ffff", "kms:key/ffff")]
    #[case("FunctionName=payments-prod-payment-processing", "FunctionName=payment-processing")]
    #[case("LoadBalancer=app/payments-prod/50dc6c495c0c9188", "LoadBalancer=app")]
    #[case("ALARM(\"payments-prod-api-5xx\") AND (OK(payments-prod-x))", "ALARM(\"api-5xx\") AND (OK(x))")]
    #[case("arn:aws:secretsmanager:us-east-1:333333333333:secret:payments/prod/db-AbC123", "secretsmanager:secret:db")]
    #[case("arn:aws:iam::333333333333:role/payments-prod-execution", "iam:role/execution")]
    fn names_count_without_their_place(#[case] name: &str, #[case] expected: &str) {
        let snapshot = prod();
        let naming = Naming::new([snapshot.environment()].iter(), &[]);
        let canonical = Canonical::new(&snapshot, &naming);
        assert_eq!(canonical.value(&Value::text(Some(name)), Meaning::Names), Value::Text(expected.into()));
        assert_eq!(canonical.value(&Value::text(Some(name)), Meaning::Plain), Value::Text(name.into()));
    }

    #[test]
    fn a_key_that_cannot_be_named_is_unknown_and_not_another_key() {
        let mut snapshot = prod();
        let fault = Fault::new(FaultKind::Denied, "ListAliases", "no");
        snapshot.unlisted = vec![crate::compare::snapshot::Unlisted { kind: "kms key".into(), fault }];
        let naming = Naming::default();
        let canonical = Canonical::new(&snapshot, &naming);
        let key = |id: &str| Value::text(Some(format!("arn:aws:kms:us-east-1:333333333333:key/{id}")));
        assert!(canonical.value(&key("ffff"), Meaning::Names).is_unknown());
        assert!(!canonical.value(&key("1b2c"), Meaning::Names).is_unknown(), "one that is known stays known");
    }

    #[test]
    fn only_the_environments_own_name_counts_as_its_name() {
        let (snapshot, naming) = (prod(), Naming::default());
        let canonical = Canonical::new(&snapshot, &naming);
        for own in ["prod", "Production", "us-east-1", "333333333333"] {
            assert_eq!(canonical.tag(own), Value::Text(OWN.into()), "{own}");
        }
        assert_eq!(canonical.tag("staging"), Value::Text("staging".into()));
        assert_eq!(canonical.tag("CC-4120"), Value::Text("CC-4120".into()));
        for other in ["{env}", " its own", "its own", OWN.trim()] {
            assert_ne!(canonical.tag(other), Value::Text(OWN.into()), "{other}");
        }
    }
}
