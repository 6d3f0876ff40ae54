//! Where the operator looks, and how often a question is asked because of it. Pure.

use crate::model::{EnvId, SignalId};

/// How many times slower everything is when nobody looks.
const AWAY: u64 = 4;
/// How many times slower what is not on the screen is.
const OFF_SCREEN: u64 = 3;
/// Alarms are never asked for less often because of attention, in seconds.
const SLOWEST_ALARMS_S: u64 = 60;
/// A focused question is never asked more often, in seconds.
const FASTEST_S: u64 = 10;

/// What the console tells the pollers about the operator.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Attention {
    /// No key and no mouse for long.
    pub away: bool,
    /// The environments on the screen; all, where it is not said.
    pub environments: Option<Vec<EnvId>>,
    /// The signals on the screen; all, where it is not said.
    pub signals: Option<Vec<SignalId>>,
    /// The selected cell.
    pub focused: Option<(EnvId, SignalId)>,
}

/// How closely a cell is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Look {
    /// Nobody is there.
    Away,
    /// Scrolled away, of another system, or on another screen.
    OffScreen,
    /// On the screen.
    OnScreen,
    /// Selected.
    Focused,
}

/// What kind of question it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The state of the alarms of an environment.
    Alarms {
        /// They wake people: their cadence is kept as long as somebody is there.
        production: bool,
    },
    /// What exists and in which state it is.
    Listing,
    /// Metrics.
    Metrics,
}

impl Attention {
    /// How closely a cell is looked at.
    pub fn on(&self, env: EnvId, signal: SignalId) -> Look {
        let within = |shown: bool| if shown { Look::OnScreen } else { Look::OffScreen };
        if self.away {
            Look::Away
        } else if self.focused == Some((env, signal)) {
            Look::Focused
        } else {
            within(
                self.environments.as_ref().is_none_or(|shown| shown.contains(&env))
                    && self.signals.as_ref().is_none_or(|shown| shown.contains(&signal)),
            )
        }
    }
}

/// Seconds between two questions, from the configured `base`.
pub fn pace_s(base: u64, kind: Kind, look: Look) -> u64 {
    let base = base.max(1);
    match (kind, look) {
        (Kind::Alarms { production: true }, Look::OffScreen) => base,
        (Kind::Alarms { .. }, Look::Away) => base.saturating_mul(AWAY).min(SLOWEST_ALARMS_S).max(base),
        (Kind::Alarms { .. }, Look::OffScreen) => base.saturating_mul(OFF_SCREEN).min(SLOWEST_ALARMS_S).max(base),
        // Alarms are fast already, and CloudWatch has no metric that is newer than its minute.
        (Kind::Alarms { .. } | Kind::Metrics, Look::Focused) => base,
        (Kind::Listing, Look::Focused) => (base / 2).max(FASTEST_S).min(base),
        (_, Look::Away) => base.saturating_mul(AWAY),
        (_, Look::OffScreen) => base.saturating_mul(OFF_SCREEN),
        (_, Look::OnScreen) => base,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const ALARMS: SignalId = SignalId("alarms");
    const LAMBDA: SignalId = SignalId("lambda-errors");

    #[test]
    fn what_is_not_said_is_on_the_screen() {
        assert_eq!(Attention::default().on(EnvId(7), ALARMS), Look::OnScreen);
        let looks = Attention {
            environments: Some(vec![EnvId(0), EnvId(1)]),
            signals: Some(vec![ALARMS]),
            focused: Some((EnvId(0), ALARMS)),
            ..Attention::default()
        };
        assert_eq!(looks.on(EnvId(0), ALARMS), Look::Focused);
        assert_eq!(looks.on(EnvId(1), ALARMS), Look::OnScreen);
        assert_eq!(looks.on(EnvId(1), LAMBDA), Look::OffScreen);
        assert_eq!(looks.on(EnvId(2), ALARMS), Look::OffScreen);
        assert_eq!(Attention { away: true, ..looks }.on(EnvId(0), ALARMS), Look::Away);
    }

    #[test]
    fn the_documented_paces() {
        let (prod, dev) = (Kind::Alarms { production: true }, Kind::Alarms { production: false });
        assert_eq!(pace_s(15, prod, Look::OffScreen), 15);
        assert_eq!(pace_s(15, dev, Look::OffScreen), 45);
        assert_eq!((pace_s(15, prod, Look::Away), pace_s(30, dev, Look::Away)), (60, 60));
        assert_eq!(pace_s(120, prod, Look::Away), 120, "slower than a minute by configuration stays so");
        assert_eq!([Look::Away, Look::OffScreen, Look::Focused].map(|l| pace_s(60, Kind::Metrics, l)), [240, 180, 60]);
        assert_eq!([30, 300, 12, 5].map(|base| pace_s(base, Kind::Listing, Look::Focused)), [15, 150, 10, 5]);
    }

    proptest! {
        #[test]
        fn closer_looks_are_never_slower(base in 1u64..90_000, which in 0usize..4) {
            let kind = [Kind::Alarms { production: true }, Kind::Alarms { production: false }, Kind::Listing, Kind::Metrics][which];
            let paces = [Look::Focused, Look::OnScreen, Look::OffScreen, Look::Away].map(|look| pace_s(base, kind, look));
            prop_assert!(paces.is_sorted(), "{paces:?}");
            prop_assert!(paces[0] >= 1 && paces[3] <= base * AWAY);
        }
    }
}
