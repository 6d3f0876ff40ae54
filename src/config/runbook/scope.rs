//! What the names in conditions and texts of a runbook stand for.

use crate::model::{Target, Value, Values};

/// Names that every runbook may use.
pub const COMMON: &[&str] = &["target", "environment", "account", "region"];

/// Prefix of what was read when the plan was made.
pub const BEFORE: &str = "before.";
/// Prefix of what was read last, also where a parameter has the same name.
pub const NOW: &str = "now.";

/// Where the values come from.
#[derive(Debug, Clone, Copy)]
pub struct Scope<'a> {
    /// `target`, `environment`, `account`, `region`.
    pub target: &'a Target,
    /// The parameters, as the plan resolved them.
    pub params: &'a Values,
    /// What was read when the plan was made: `before.NAME`.
    pub before: &'a Values,
    /// What was read last: `now.NAME`, and `NAME` where no parameter of this name is set.
    pub now: &'a Values,
}

impl Scope<'_> {
    /// All names and what they stand for. A parameter that is set comes before a field of the same name: after a
    /// change `running == desired` compares with what was asked for.
    pub fn values(&self) -> Values {
        let mut values = Values::new();
        values.extend(self.now.iter().map(|(name, value)| (name.clone(), value.clone())));
        for (name, value) in self.params {
            if *value != Value::None || !values.contains_key(name) {
                values.insert(name.clone(), value.clone());
            }
        }
        values.extend(self.before.iter().map(|(name, value)| (format!("{BEFORE}{name}"), value.clone())));
        values.extend(self.now.iter().map(|(name, value)| (format!("{NOW}{name}"), value.clone())));
        let target = self.target;
        let common = [&target.name, &target.environment, &target.account, &target.region];
        values.extend(COMMON.iter().zip(common).map(|(name, value)| ((*name).to_owned(), value.into())));
        values
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::TargetKind;

    #[test]
    fn parameters_come_before_fields_and_prefixes_are_exact() {
        let target = Target {
            environment: "uex/prod".into(),
            account: "111122223333".into(),
            region: "us-east-1".into(),
            kind: TargetKind::EcsService,
            name: "backend".into(),
            arn: "arn:aws:ecs:us-east-1:111122223333:service/c/backend".into(),
        };
        let of = |pairs: &[(&str, i64)]| -> Values {
            pairs.iter().map(|(name, count)| ((*name).to_owned(), Value::Count(*count))).collect()
        };
        let mut params = of(&[("desired", 20)]);
        params.insert("max".to_owned(), Value::None);
        let (before, now) = (of(&[("desired", 12), ("running", 12)]), of(&[("desired", 15), ("max", 60)]));
        let values = Scope { target: &target, params: &params, before: &before, now: &now }.values();
        assert_eq!(values["desired"], Value::Count(20));
        assert_eq!(values["now.desired"], Value::Count(15));
        assert_eq!(values["before.desired"], Value::Count(12));
        assert_eq!(values["max"], Value::Count(60), "a parameter that is not set hides nothing");
        assert!(!values.contains_key("running"), "what was not read again is not known");
        assert_eq!(values["target"].to_string(), "backend");
        assert_eq!(values["environment"].to_string(), "uex/prod");
    }
}
