//! What an alias serves: a version, and perhaps others that have a share of its invocations.

use std::collections::BTreeMap;

use crate::base::Text;
use crate::model::Value;

/// Where an alias sends its invocations. Shares are fractions from 0 to 1; what they leave goes to `version`.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Route {
    /// The alias's own version.
    pub version: Text,
    /// Shares of other versions, as AWS's AdditionalVersionWeights.
    pub weights: BTreeMap<Text, f64>,
}

impl Route {
    /// From what AWS answers. A weight of 0 is none.
    pub fn new<'a>(version: &str, weights: impl IntoIterator<Item = (&'a String, &'a f64)>) -> Self {
        let weights = weights.into_iter().filter(|(_, weight)| **weight > 0.0);
        Self { version: version.into(), weights: weights.map(|(version, weight)| (version.into(), *weight)).collect() }
    }

    /// Everything goes to one version.
    pub fn whole(version: &str) -> Self {
        Self { version: version.into(), weights: BTreeMap::new() }
    }

    /// Numbers of all versions that are served; `$LATEST` has none.
    pub fn numbers(&self) -> impl Iterator<Item = u64> {
        [&self.version].into_iter().chain(self.weights.keys()).filter_map(|version| version.parse().ok())
    }

    /// Percent of the invocations that go to `version`.
    pub fn percent(&self, version: &str) -> f64 {
        let own = if self.version == *version { 1.0 - self.weights.values().sum::<f64>() } else { 0.0 };
        // Shares such as 0.1 have no exact sum.
        ((own + self.weights.get(version).copied().unwrap_or(0.0)) * 1e6).round() / 1e4
    }

    /// The weights as `42=0.1`, sorted: for records and requests.
    pub fn weights_value(&self) -> Value {
        Value::List(self.weights.iter().map(|(version, weight)| Value::from(format!("{version}={weight}"))).collect())
    }

    /// `42`, or `42 90 %, 41 10 %`.
    pub fn words(&self) -> String {
        if self.weights.is_empty() {
            return self.version.to_string();
        }
        let mut parts = vec![format!("{} {} %", self.version, self.percent(&self.version))];
        parts.extend(self.weights.keys().map(|version| format!("{version} {} %", self.percent(version))));
        parts.join(", ")
    }
}

/// Weights from `42=0.1` entries; `None` where one does not read so.
pub fn weights(value: &Value) -> Option<BTreeMap<Text, f64>> {
    let Value::List(items) = value else { return None };
    items.iter().map(|item| item.text().and_then(|text| entry(text))).collect()
}

/// `42=0.1`: a version and its share, above 0 and below 1.
pub fn entry(text: &str) -> Option<(Text, f64)> {
    let (version, share) = text.trim().split_once('=')?;
    let share: f64 = share.trim().parse().ok()?;
    let version = version.trim();
    version.parse::<u64>().ok()?;
    (share > 0.0 && share < 1.0).then(|| (version.into(), share))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn shares_are_read_and_said() {
        let shares = [("41".to_owned(), 0.1), ("7".to_owned(), 0.0)];
        let route = Route::new("42", shares.iter().map(|(version, weight)| (version, weight)));
        assert_eq!(route.words(), "42 90 %, 41 10 %");
        assert_eq!((route.percent("42"), route.percent("41"), route.percent("7")), (90.0, 10.0, 0.0));
        assert_eq!(route.numbers().collect::<Vec<_>>(), [42, 41]);
        assert_eq!(Route::whole("$LATEST").numbers().count(), 0);
        assert_eq!(Route::whole("42").words(), "42");
        for bad in ["42", "42=2", "42=0", "$LATEST=0.1", "=0.1", "42=NaN"] {
            assert_eq!(entry(bad), None, "{bad}");
        }
    }

    proptest! {
        #[test]
        fn weights_survive_their_record(version in 1..9999u32, percent in 1..100u32) {
            let share = f64::from(percent) / 100.0;
            let route = Route { version: "1".into(), weights: [(version.to_string().into(), share)].into() };
            prop_assert_eq!(weights(&route.weights_value()).unwrap(), route.weights);
        }
    }
}
