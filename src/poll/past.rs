//! The wall as it was at a past minute: the live inventory rewound by history, and the metrics of that time.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::{BoxFuture, join_all};
use jiff::{SignedDuration, Timestamp};

use crate::base::Clock;
use crate::cloud::{Session, Transport};
use crate::config::{Config, EnvironmentConfig, MetricConfig, Thresholds};
use crate::model::{
    Connection, Datum, EnvId, Environment, Fault, FaultKind, MetricQuery, MetricSet, Reading, Series, Severity,
    SignalId, Stat,
};
use crate::poll;
use crate::poll::broker::{self, PERIOD_S, PERIODS, Window};
use crate::poll::collect::{Wall, WallEnvironment};
use crate::signals::naming::Naming;
use crate::signals::{AnySignal, Inventory, Judge, Then};

/// CloudWatch keeps points of a minute for 15 days, of five minutes for 63 and of an hour for 455 (CloudWatch API
/// Reference, GetMetricData): by hours no minute can be judged.
const MINUTES_KEPT: SignedDuration = SignedDuration::from_hours(15 * 24);
/// The oldest points by which a minute can be judged are those of five minutes, kept for 63 days.
pub const KEPT: SignedDuration = SignedDuration::from_hours(63 * 24);
const FIVE_MINUTES_S: u32 = 300;

/// The minute that `time` lies in.
pub fn minute(time: Timestamp) -> Timestamp {
    Timestamp::from_second(time.as_second().div_euclid(60) * 60).unwrap_or(time)
}

/// Why the wall of a minute cannot be rebuilt at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum OutOfReach {
    /// It has not been yet.
    #[error("that minute is not over yet")]
    Future,
    /// Too long ago.
    #[error("CloudWatch keeps points of five minutes for 63 days, and of an hour after that")]
    TooOld,
}

/// Checks that a minute can be rebuilt at `now`.
///
/// # Errors
/// A minute of the future, or one of which no metrics are kept.
pub fn in_reach(at: Timestamp, now: Timestamp) -> Result<(), OutOfReach> {
    if at > now {
        Err(OutOfReach::Future)
    } else if now.duration_since(at) > KEPT {
        Err(OutOfReach::TooOld)
    } else {
        Ok(())
    }
}

/// True when only points of five minutes are left of a minute.
pub fn is_coarse(at: Timestamp, now: Timestamp) -> bool {
    now.duration_since(at) > MINUTES_KEPT
}

/// What one environment's past is rebuilt from.
#[derive(Clone)]
pub struct Source {
    /// The environment.
    pub environment: Environment,
    /// The thresholds that hold for it.
    pub thresholds: Thresholds,
    /// Its session.
    pub session: Arc<Session>,
    /// What there is now, by signal, or why that is not known.
    pub live: Vec<(&'static dyn AnySignal, Result<Inventory, Fault>)>,
}

impl Source {
    /// Opens a session, verifies who it is and lists what there is.
    ///
    /// # Errors
    /// The environment as a whole cannot be read.
    pub async fn open(
        config: &EnvironmentConfig,
        environment: Environment,
        thresholds: Thresholds,
        transport: &Transport,
        signals: &[&'static dyn AnySignal],
        metrics: Vec<MetricConfig>,
    ) -> Result<Self, Fault> {
        let session = Arc::new(Session::open(config, environment, transport).await?.watching(metrics));
        session.credentials().await?;
        session.verify_identity().await?;
        let session_of = &session;
        let listed = signals.iter().map(|signal| async move { (*signal, signal.inventory(session_of).await) });
        let live = join_all(listed).await;
        Ok(Self { environment: session.environment.clone(), thresholds, session, live })
    }

    /// The readings of the minute that begins at `at`, in the order of the signals. At `now`, `at` must be in reach.
    pub fn at<'a>(
        &'a self,
        naming: &'a Naming,
        at: Timestamp,
        now: Timestamp,
    ) -> BoxFuture<'a, Vec<(SignalId, Result<Reading, Fault>)>> {
        Box::pin(self.rebuild(naming, at, now))
    }

    async fn rebuild(&self, naming: &Naming, at: Timestamp, now: Timestamp) -> Vec<(SignalId, Result<Reading, Fault>)> {
        if let Err(why) = in_reach(at, now) {
            let fault = Fault::new(FaultKind::NotKept, "past", why.to_string());
            return self.live.iter().map(|(signal, _)| (signal.id(), Err(fault.clone()))).collect();
        }
        let of_state: BTreeSet<MetricQuery> =
            self.listed().flat_map(|(signal, inventory)| signal.past_queries(inventory)).collect();
        let metrics = fetch(&self.session, &of_state, next_minute(at), at, now).await;
        let then = Then { at, now, metrics };
        let rewound = join_all(self.live.iter().map(|(signal, live)| {
            let then = &then;
            async move {
                let inventory = match live {
                    Ok(live) => signal.rewind(&self.session, Arc::clone(live), then).await,
                    Err(fault) => Err(fault.clone()),
                };
                (*signal, inventory)
            }
        }))
        .await;
        let wanted: BTreeSet<MetricQuery> = rewound
            .iter()
            .filter_map(|(signal, inventory)| inventory.as_ref().ok().map(|inventory| signal.queries(inventory)))
            .flatten()
            .collect();
        let mut metrics = fetch(&self.session, &wanted, at, at, now).await;
        // The wall never knew the newest period: its points come late.
        for series in metrics.series.values_mut() {
            if let Some(newest) = Arc::make_mut(series).points.last_mut() {
                *newest = None;
            }
        }
        let judge = Judge { now: at, environment: &self.environment, thresholds: &self.thresholds, naming };
        let outcomes = rewound.into_iter().zip(&self.live).map(|((signal, inventory), (_, live))| {
            let outcome = match (inventory, live) {
                (Ok(inventory), _) => Ok(signal.interpret(&inventory, &metrics, &judge)),
                (Err(fault), Ok(live)) => {
                    // What is not there needs no history.
                    let present = signal.interpret(live, &MetricSet::default(), &judge);
                    if present.severity == Severity::Absent { Ok(present) } else { Err(fault) }
                }
                (Err(fault), Err(_)) => Err(fault),
            };
            (signal.id(), outcome)
        });
        outcomes.collect()
    }

    fn listed(&self) -> impl Iterator<Item = (&'static dyn AnySignal, &Inventory)> {
        self.live.iter().filter_map(|(signal, live)| Some((*signal, live.as_ref().ok()?)))
    }
}

/// The wall of all environments at a past minute, for commands that look once. What takes longer than `patience` is a
/// timeout; an environment that cannot be read is unknown as a whole.
pub async fn wall_at(
    config: &Config,
    transport: &Transport,
    clock: &Clock,
    signals: &[&'static dyn AnySignal],
    at: Timestamp,
    patience: Duration,
) -> Wall {
    let environments = poll::environments(config);
    let naming = Naming::new(environments.iter(), &config.naming.ignore);
    let naming = &naming;
    let rebuilt = config.environments.iter().zip(environments).map(|(own, environment)| async move {
        let thresholds = poll::thresholds(config, own);
        let work = async {
            let source =
                Source::open(own, environment.clone(), thresholds, transport, signals, config.metrics_of(own)).await?;
            let cells = source.at(naming, at, clock.now()).await;
            Ok((source, cells))
        };
        let late = || Fault::new(FaultKind::Timeout, "past", format!("not complete after {} s", patience.as_secs()));
        match tokio::time::timeout(patience, work).await.unwrap_or_else(|_| Err(late())) {
            Ok((source, cells)) => {
                let connection = Connection { usage: source.session.meter.usage(), ..Connection::default() };
                let cells = cells.into_iter().map(|(id, outcome)| (id, datum(outcome, at))).collect();
                WallEnvironment::new(source.environment, connection, cells)
            }
            Err(fault) => {
                let cells = signals.iter().map(|signal| (signal.id(), datum(Err(fault.clone()), at))).collect();
                WallEnvironment::new(environment, Connection { fault: Some(fault), ..Connection::default() }, cells)
            }
        }
    });
    Wall { at, reconstructed: true, environments: join_all(rebuilt).await }
}

/// A reading as it stood at `at`.
pub fn datum(outcome: Result<Reading, Fault>, at: Timestamp) -> Datum<Reading> {
    match outcome {
        Ok(reading) => Datum::Live { value: Arc::new(reading), at },
        Err(fault) => Datum::Failed { fault, at },
    }
}

/// One environment at a past minute.
#[derive(Debug, Clone, PartialEq)]
pub struct PastTold {
    /// The minute.
    pub at: Timestamp,
    /// Whose.
    pub env: EnvId,
    /// By signal; empty where the environment could not be read.
    pub cells: Vec<(SignalId, Result<Reading, Fault>)>,
}

fn next_minute(at: Timestamp) -> Timestamp {
    at.checked_add(SignedDuration::from_secs(i64::from(PERIOD_S))).unwrap_or(at)
}

/// The window that ends at `end`, minute by minute, whatever is kept of it.
async fn fetch(
    session: &Session,
    queries: &BTreeSet<MetricQuery>,
    end: Timestamp,
    at: Timestamp,
    now: Timestamp,
) -> MetricSet {
    let minutes = Window { start: broker::window_start(end), period_s: PERIOD_S, periods: PERIODS };
    if !is_coarse(at, now) {
        return broker::fetch_window(session, queries, minutes, at).await;
    }
    let first = minutes.start.as_second().div_euclid(i64::from(FIVE_MINUTES_S)) * i64::from(FIVE_MINUTES_S);
    let coarse = Window {
        start: Timestamp::from_second(first).unwrap_or(minutes.start),
        period_s: FIVE_MINUTES_S,
        periods: PERIODS / 5 + 1,
    };
    let mut set = broker::fetch_window(session, queries, coarse, at).await;
    for (query, series) in &mut set.series {
        *series = Arc::new(by_the_minute(series, query.stat, minutes));
    }
    set
}

/// Points of five minutes as points of a minute: a fifth of what was counted, the same of what was measured.
fn by_the_minute(coarse: &Series, stat: Stat, minutes: Window) -> Series {
    let mut series = Series::empty(minutes.start, minutes.period_s, minutes.periods);
    for index in 0..minutes.periods {
        let offset = series.time_of(index).as_second() - coarse.start.as_second();
        let bin = usize::try_from(offset.div_euclid(i64::from(coarse.period_s.max(1)))).ok();
        let value = bin.and_then(|bin| coarse.points.get(bin).copied().flatten());
        let value = match stat {
            Stat::Sum | Stat::SampleCount => value.map(|value| value / 5.0),
            _ => value,
        };
        if let Some(point) = series.points.get_mut(index) {
            *point = value;
        }
    }
    series
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + second).unwrap()
    }

    #[test]
    fn neither_the_future_nor_what_nobody_kept() {
        let day = 86_400;
        assert_eq!(in_reach(at(60), at(0)), Err(OutOfReach::Future));
        assert_eq!(in_reach(at(0), at(0)), Ok(()));
        assert_eq!(in_reach(at(0), at(63 * day)), Ok(()));
        assert_eq!(in_reach(at(-60), at(63 * day)), Err(OutOfReach::TooOld));
        assert!(!is_coarse(at(0), at(15 * day)) && is_coarse(at(-60), at(15 * day)));
    }

    #[test]
    fn five_minutes_are_spread_over_their_minutes() {
        let coarse = Series { start: at(0), period_s: 300, points: vec![Some(50.0), None, Some(5.0)] };
        let minutes = Window { start: at(240), period_s: 60, periods: 8 };
        let counts = by_the_minute(&coarse, Stat::Sum, minutes);
        assert_eq!(counts.points, [Some(10.0), None, None, None, None, None, Some(1.0), Some(1.0)]);
        let gauge = by_the_minute(&coarse, Stat::Average, minutes);
        assert_eq!(gauge.points[0], Some(50.0));
    }
}
