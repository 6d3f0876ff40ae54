//! How durations are spread: log-logistic, with a share of slow ones.

/// A distribution of durations in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spread {
    /// Median of the usual ones.
    pub median: f64,
    /// 95th percentile of the usual ones.
    pub p95: f64,
    /// Share of the slow ones.
    pub slow_share: f64,
    /// By how much they are slower.
    pub slow: f64,
}

impl Spread {
    /// Without slow ones.
    pub fn usual(median: f64, p95: f64) -> Self {
        Self { median, p95, slow_share: 0.0, slow: 0.0 }
    }

    fn shape(&self) -> f64 {
        ((self.p95 / self.median).ln() / 19_f64.ln()).clamp(0.01, 0.9)
    }

    fn usual_quantile(&self, p: f64) -> f64 {
        let p = p.clamp(0.001, 0.999);
        self.median * (p / (1.0 - p)).powf(self.shape())
    }

    fn share_below(&self, x: f64) -> f64 {
        let usual = |x: f64| if x > 0.0 { 1.0 / (1.0 + (self.median / x).powf(1.0 / self.shape())) } else { 0.0 };
        (1.0 - self.slow_share) * usual(x) + self.slow_share * usual(x - self.slow)
    }

    /// The value below which a share of `p` lies.
    pub fn quantile(&self, p: f64) -> f64 {
        let (mut low, mut high) = (self.usual_quantile(p), self.usual_quantile(p));
        if self.slow_share > 0.0 && self.slow > 0.0 {
            high += self.slow;
            for _ in 0..30 {
                let middle = (low + high) / 2.0;
                if self.share_below(middle) < p { low = middle } else { high = middle }
            }
        }
        (low + high) / 2.0
    }

    /// The mean.
    pub fn mean(&self) -> f64 {
        let angle = std::f64::consts::PI * self.shape().min(0.8);
        self.median * angle / angle.sin() + self.slow_share * self.slow
    }

    /// All values later by `by`, e.g. the overhead of a gateway.
    #[must_use]
    pub fn behind(&self, by: f64) -> Self {
        Self { median: self.median + by, p95: self.p95 + by, ..*self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_given_percentiles_come_out() {
        let calm = Spread::usual(120.0, 300.0);
        assert!((calm.quantile(0.5) - 120.0).abs() < 0.1);
        assert!((calm.quantile(0.95) - 300.0).abs() < 0.5);
    }

    #[test]
    fn slow_ones_move_the_tail_and_not_the_middle() {
        let slow = Spread { slow_share: 0.12, slow: 1900.0, ..Spread::usual(120.0, 300.0) };
        assert!(slow.quantile(0.95) > 1900.0 && slow.quantile(0.95) < 2300.0);
        assert!(slow.quantile(0.5) < 160.0);
        assert!(slow.mean() > Spread::usual(120.0, 300.0).mean() + 200.0);
    }
}
