//! What a chart shows: which metrics, as what, in which unit.

use crate::base::Text;
use crate::model::{FieldValue, MetricQuery, Resource, Series, Stat};

/// Newest periods whose points may only be late: metrics lag 1 to 3 minutes.
pub const LAG: usize = 3;

/// What the numbers of a chart are, for its labels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// Things, each period.
    Count,
    /// Things in a second.
    PerSecond,
    /// 0 to 100.
    Percent,
    /// Bytes.
    Bytes,
    /// Milliseconds.
    Milliseconds,
    /// Seconds.
    Seconds,
    /// Whatever the metric is in.
    Plain,
}

/// What a missing point means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Nothing happened: zero.
    Counter,
    /// Nobody knows: a gap.
    Gauge,
}

/// One curve.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// Its word in the legend.
    pub label: Text,
    /// What CloudWatch is asked.
    pub query: MetricQuery,
    /// What a missing point means.
    pub kind: Kind,
    /// What a point is multiplied by to be in the chart's unit.
    pub scale: f64,
}

impl Line {
    /// The series as it is drawn: scaled, with the missing points of a counter as zeros. The newest points may only be
    /// late: those that are missing stay so.
    pub fn shown(&self, series: &Series) -> Series {
        let mut shown = series.clone();
        if self.kind == Kind::Counter {
            let late = series.points.iter().rev().take(LAG).take_while(|point| point.is_none()).count();
            let settled = series.points.len() - late;
            shown.points[..settled].iter_mut().for_each(|point| *point = point.or(Some(0.0)));
        }
        for point in shown.points.iter_mut() {
            *point = point.map(|value| value * self.scale).filter(|value| value.is_finite());
        }
        shown
    }
}

/// A value that the curves are compared with: a provisioned capacity, an alarm's threshold.
#[derive(Debug, Clone, PartialEq)]
pub struct Limit {
    /// What it is.
    pub label: Text,
    /// In the chart's unit.
    pub value: f64,
}

/// One chart.
#[derive(Debug, Clone, PartialEq)]
pub struct Chart {
    /// What it shows.
    pub title: Text,
    /// In what.
    pub unit: Unit,
    /// At most three curves.
    pub lines: Vec<Line>,
    /// What they are compared with.
    pub limits: Vec<Limit>,
}

/// All charts of a resource, and how alarms name it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Charts {
    /// The charts, the most telling first.
    pub charts: Vec<Chart>,
    /// Dimensions that an alarm must have to be about this resource; empty: no alarm can be matched.
    pub identity: Vec<(String, String)>,
    /// Dimensions that an alarm about this resource may leave out but must not have with another value.
    pub place: Vec<(String, String)>,
}

/// Makes charts for metrics of one namespace with the same dimensions.
pub struct Maker<'a> {
    namespace: &'static str,
    dimensions: Vec<(&'static str, &'a str)>,
}

impl<'a> Maker<'a> {
    /// For metrics of `namespace` with exactly these dimensions.
    pub fn new(namespace: &'static str, dimensions: &[(&'static str, &'a str)]) -> Self {
        Self { namespace, dimensions: dimensions.to_vec() }
    }

    /// A curve of a count.
    pub fn counter(&self, label: &str, metric: &'static str, stat: Stat) -> Line {
        self.line(label, metric, stat, Kind::Counter)
    }

    /// A curve of a measurement.
    pub fn gauge(&self, label: &str, metric: &'static str, stat: Stat) -> Line {
        self.line(label, metric, stat, Kind::Gauge)
    }

    fn line(&self, label: &str, metric: &'static str, stat: Stat, kind: Kind) -> Line {
        let query = MetricQuery::new(self.namespace, metric, stat, &self.dimensions);
        Line { label: label.into(), query, kind, scale: 1.0 }
    }

    /// The charts with the dimensions as what alarms must name.
    pub fn charts(&self, charts: Vec<Chart>, identity: &[&str]) -> Charts {
        let own = self.dimensions.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        let (identity, place) = own.partition(|(name, _)| identity.contains(&name.as_str()));
        Charts { charts, identity, place }
    }
}

/// A chart without limits.
pub fn chart(title: &str, unit: Unit, lines: Vec<Line>) -> Chart {
    Chart { title: title.into(), unit, lines, limits: Vec::new() }
}

/// A field's text; `None` where the resource has no such field or it holds no text.
pub fn text<'r>(resource: &'r Resource, key: &str) -> Option<&'r str> {
    match &resource.fields.iter().find(|field| field.key == key)?.value {
        FieldValue::Text(text) if !text.is_empty() => Some(text),
        _ => None,
    }
}

/// A field's number.
pub fn number(resource: &Resource, key: &str) -> Option<f64> {
    match &resource.fields.iter().find(|field| field.key == key)?.value {
        FieldValue::Number(number) => Some(*number),
        // Precise up to 2^53.
        FieldValue::Count(count) => Some(*count as f64),
        _ => None,
    }
}

/// What follows `marker` in an ARN: `table/x` with `table/` is `x`.
pub fn after<'r>(arn: &'r str, marker: &str) -> Option<&'r str> {
    arn.split_once(marker).map(|(_, rest)| rest).filter(|rest| !rest.is_empty())
}
