//! A limit as a stage's settings have it: set, switched off, or not there at all. The three are not the same in force.

use crate::actions::asked::plain;
use crate::model::Value;

/// The word for no settings of its own.
pub const NONE: &str = "none";
/// The word for a limit that is switched off.
pub const OFF: &str = "off";

/// A rate or a burst.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub enum Limit<T> {
    /// There is no setting: a method has the stage's, a stage the account's.
    #[default]
    Unset,
    /// -1 in a REST API: not throttled here, also where the stage is; only the account's limit holds.
    Off,
    /// This.
    At(T),
}

impl<T> Limit<T> {
    /// This, or what is above it where nothing is set.
    pub fn or(self, above: Self) -> Self {
        if matches!(self, Self::Unset) { above } else { self }
    }

    /// The number, where there is one.
    pub fn at(self) -> Option<T> {
        if let Self::At(limit) = self { Some(limit) } else { None }
    }

    fn value(self, value: impl Fn(T) -> Value) -> Value {
        match self {
            Self::Unset => Value::None,
            Self::Off => OFF.into(),
            Self::At(limit) => value(limit),
        }
    }

    fn words(self, words: impl Fn(T) -> String) -> String {
        match self {
            Self::Unset => NONE.to_owned(),
            Self::Off => OFF.to_owned(),
            Self::At(limit) => words(limit),
        }
    }

    /// From a value or a field of a request: `off` and numbers below zero are switched off.
    fn read(value: &Value, number: impl Fn(&Value) -> Option<T>) -> Self
    where
        T: PartialOrd + Default,
    {
        if value.text().is_some_and(|word| *word == OFF) {
            return Self::Off;
        }
        match number(value) {
            Some(limit) if limit < T::default() => Self::Off,
            Some(limit) => Self::At(limit),
            None => Self::Unset,
        }
    }
}

/// Limits of a stage's or a method's own.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Own {
    /// Requests a second.
    pub rate: Limit<f64>,
    /// Size of the token bucket.
    pub burst: Limit<i64>,
}

impl Own {
    /// From values: what is missing is as in `otherwise`.
    pub fn read(rate: Option<&Value>, burst: Option<&Value>, otherwise: Self) -> Self {
        Self {
            rate: rate.map_or(otherwise.rate, |rate| Limit::read(rate, Value::number)),
            burst: burst.map_or(otherwise.burst, |burst| Limit::read(burst, Value::count)),
        }
    }

    /// `2000/s, burst 4000`.
    pub fn words(&self) -> String {
        if *self == Self::default() {
            return "no limits of its own".to_owned();
        }
        let rate = self.rate.words(|rate| format!("{rate}/s"));
        format!("{rate}, burst {}", self.burst.words(|burst| burst.to_string()))
    }

    /// The rate as a value; none where it is not set.
    pub fn rate_value(&self) -> Value {
        self.rate.value(plain)
    }

    /// The burst as a value; none where it is not set.
    pub fn burst_value(&self) -> Value {
        self.burst.value(Value::Count)
    }
}
