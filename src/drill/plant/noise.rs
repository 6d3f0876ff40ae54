//! Noise that follows from the seed: the same minute of the same metric is the same in every run.

use crate::drill::world::hash;

/// A source of noise for one environment.
#[derive(Debug, Clone, Copy)]
pub struct Noise {
    seed: u64,
}

impl Noise {
    /// Noise of an environment under a seed.
    pub fn new(seed: u64, environment: &str) -> Self {
        Self { seed: hash::of(&(seed, environment)) }
    }

    /// Evenly spread in [0, 1).
    pub fn unit(&self, what: &str, at: i64) -> f64 {
        hash::unit(&(self.seed, what, at))
    }

    /// Between -1 and 1: slow waves of some ten minutes with a little unrest on top.
    pub fn wave(&self, what: &str, minute: i64) -> f64 {
        let (span, within) = (minute.div_euclid(10), minute.rem_euclid(10));
        let along = f64::from(i32::try_from(within).unwrap_or(0)) / 10.0;
        let (from, to) = (self.unit(what, -span), self.unit(what, -span - 1));
        let slow = (from + (to - from) * along) * 2.0 - 1.0;
        let quick = self.unit(what, minute) * 2.0 - 1.0;
        0.6 * slow + 0.4 * quick
    }

    /// A whole number of independent events of which `expected` come on average.
    pub fn count(&self, what: &str, minute: i64, expected: f64) -> f64 {
        if expected <= 0.0 {
            return 0.0;
        }
        let draw = self.unit(what, minute);
        if expected > 30.0 {
            let bell = draw + self.unit(what, minute + 1_000_003) + self.unit(what, minute + 2_000_003) - 1.5;
            return (expected + 2.0 * bell * expected.sqrt()).round().max(0.0);
        }
        let (mut number, mut chance) = (0.0, (-expected).exp());
        let mut below = chance;
        while draw >= below && number < 200.0 {
            number += 1.0;
            chance *= expected / number;
            below += chance;
        }
        number
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_have_the_mean_that_is_asked_for() {
        let noise = Noise::new(7, "prod");
        for expected in [0.2, 3.0, 80.0] {
            let total: f64 = (0..4000).map(|minute| noise.count("x", minute, expected)).sum();
            let mean = total / 4000.0;
            assert!((mean / expected - 1.0).abs() < 0.1, "{expected} gave {mean}");
        }
        assert_eq!(noise.count("x", 1, 0.0), 0.0);
    }

    #[test]
    fn waves_stay_within_bounds_and_depend_on_the_seed() {
        let (one, other) = (Noise::new(1, "prod"), Noise::new(2, "prod"));
        assert!((0..2000).all(|minute| one.wave("x", minute).abs() <= 1.0));
        assert!((0..2000).any(|minute| one.wave("x", minute) != other.wave("x", minute)));
    }
}
