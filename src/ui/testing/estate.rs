//! Tests of `testing`.
//! The payments estate in trouble: prod's new `payment-processing` fails, staging has a warning, dev is fine. With
//! `troubled`, three more environments: one whose credentials ran out, one that has not answered, one that belongs to
//! another account.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use ratatui::layout::Size;

use crate::app::{App, Keymap, Message, Settings, SignalInfo, update_all};
use crate::base::Text;
use crate::model::{
    Connection, EnvId, Environment, Fault, FaultKind, Field, Identity, Reading, Resource, Series, Severity, SignalId,
    Tier,
};
use crate::poll::PollEvent;

const SIGNALS: [(&str, &str); 6] = [
    ("alarms", "Alarms"),
    ("lambda-errors", "Lambda errors"),
    ("dynamodb-throttles", "DynamoDB throttles"),
    ("api-gateway", "API Gateway"),
    ("ecs-capacity", "ECS capacity"),
    ("eks-capacity", "EKS capacity"),
];

/// The time of the picture.
pub fn now() -> Timestamp {
    "2026-11-21T03:12:40Z".parse().unwrap()
}

fn at(time: &str) -> Option<Timestamp> {
    Some(format!("2026-11-21T{time}Z").parse().unwrap())
}

fn ago(seconds: i64) -> Timestamp {
    now().checked_sub(SignedDuration::from_secs(seconds)).unwrap()
}

pub fn environment(id: usize, system: &str, name: &str, tier: Tier, region: &str) -> Environment {
    Environment {
        id: EnvId(id),
        system: system.into(),
        name: name.into(),
        tier,
        region: region.into(),
        account: Some(Text::new(format!("{}", 111_122_223_330 + id))),
        profile: Some(Text::new(format!("{system}-{name}"))),
        read_only: true,
    }
}

/// An empty console of these environments.
pub fn console(environments: Vec<Environment>) -> App {
    App::new(Settings {
        signals: SIGNALS
            .iter()
            .map(|(id, title)| SignalInfo { id: SignalId(id), title: (*title).into(), always: false })
            .collect(),
        environments,
        now: now(),
        size: Size::new(120, 40),
        themes: vec!["dark".into(), "light".into()],
        theme: "dark".into(),
        ascii: false,
        bell: false,
        drill: None,
        config_problems: 0,
        keymap: Keymap::default(),
    })
}

/// The three environments of the picture.
pub fn payments() -> App {
    let mut app = console(vec![
        environment(0, "payments", "dev", Tier::Development, "eu-west-1"),
        environment(1, "payments", "staging", Tier::Staging, "us-west-2"),
        environment(2, "payments", "prod", Tier::Production, "us-east-1"),
    ]);
    fill(&mut app);
    app
}

/// The same with three more that are in trouble themselves.
pub fn troubled() -> App {
    let mut app = console(vec![
        environment(0, "payments", "dev", Tier::Development, "eu-west-1"),
        environment(1, "payments", "staging", Tier::Staging, "us-west-2"),
        environment(2, "payments", "prod", Tier::Production, "us-east-1"),
        environment(3, "payments", "dr", Tier::Production, "eu-central-1"),
        environment(4, "payments", "sandbox", Tier::Development, "sa-east-1"),
        environment(5, "payments", "legacy", Tier::Staging, "us-east-1"),
    ]);
    fill(&mut app);
    let expired = Fault::new(
        FaultKind::Expired,
        "GetMetricData",
        "ExpiredTokenException: The security token included in the request is expired",
    )
    .with_remedy("run: aws sso login --profile payments-dr");
    let wrong = Fault::new(
        FaultKind::WrongAccount,
        "GetCallerIdentity",
        "the credentials belong to account 999988887777, the configuration says 111122223335",
    )
    .with_remedy("correct `account` in the configuration, or the profile payments-legacy");
    let mut messages = Vec::new();
    for (signal, reading) in healthy(1) {
        messages.push(report(3, signal, Ok(reading), 240));
        messages.push(report(3, signal, Err(expired.clone()), 20));
    }
    for (id, fault, latency) in [(3, expired, Some(61)), (5, wrong, None)] {
        messages.push(Message::Poll(PollEvent::Connection {
            env: EnvId(id),
            connection: Box::new(Connection {
                fault: Some(fault),
                credentials_source: "SSO".into(),
                latency: latency.map(Duration::from_millis),
                retry_at: now().checked_add(SignedDuration::from_secs(25)).ok(),
                ..Connection::default()
            }),
        }));
    }
    let _ = update_all(&mut app, messages);
    app
}

fn report(env: usize, signal: &'static str, outcome: Result<Reading, Fault>, age_s: i64) -> Message {
    let at = ago(age_s);
    Message::Poll(PollEvent::Reading {
        env: EnvId(env),
        signal: SignalId(signal),
        outcome: outcome.map(Box::new),
        at,
        every_s: 60,
    })
}

fn fill(app: &mut App) {
    let mut messages = Vec::new();
    for (env, readings) in [healthy(0), staging(), prod()].into_iter().enumerate() {
        for (signal, reading) in readings {
            messages.push(report(env, signal, Ok(reading), 8));
        }
        let mut connection = Connection {
            identity: Some(Identity {
                account: Text::new(format!("{}", 111_122_223_330 + env)),
                arn: Text::new(format!("arn:aws:sts::{}:assumed-role/payments-viewer/anna", 111_122_223_330 + env)),
            }),
            credentials_source: "SSO".into(),
            credentials_expire: now().checked_add(SignedDuration::from_mins(if env == 1 { 9 } else { 47 })).ok(),
            latency: Some(Duration::from_millis(38 + 20 * env as u64)),
            ..Connection::default()
        };
        connection.usage.by_operation.insert("CloudWatch:GetMetricData".into(), 14);
        connection.usage.by_operation.insert("CloudWatch:DescribeAlarms".into(), 52);
        connection.usage.by_operation.insert("Lambda:ListFunctions".into(), 1_203);
        connection.usage.metrics_requested = 172;
        connection.usd_per_hour = 0.103_2;
        messages.push(Message::Poll(PollEvent::Connection { env: EnvId(env), connection: Box::new(connection) }));
    }
    let _ = update_all(app, messages);
}

fn curve(points: &[f64]) -> Option<Series> {
    let mut all = vec![Some(0.0); 22];
    all.extend(points.iter().copied().map(Some));
    all.extend([None, Some(100.0)]);
    Some(Series { start: ago(32 * 60), period_s: 60, points: all })
}

fn resource(name: &str, severity: Severity, headline: &str) -> Resource {
    Resource {
        name: name.into(),
        logical_name: name.replace("payments-prod-", "").replace("payments-staging-", "").into(),
        arn: Text::new(format!("arn:aws:lambda:us-east-1:111122223332:function:{name}")),
        severity,
        headline: headline.into(),
        ..Resource::default()
    }
}

fn function(name: &str, severity: Severity, headline: &str, p95: f64) -> Resource {
    let mut resource = resource(name, severity, headline);
    resource.fields = vec![
        Field::with_unit("p95", p95, "s"),
        Field::with_unit("errors", if severity == Severity::Ok { 0 } else { 104 }, "/min"),
        Field::with_unit("throttles", 0, "/min"),
        Field::with_unit("memory", 2048, "MB"),
    ];
    resource
}

fn reading(severity: Severity, headline: &str, note: &str, resources: Vec<Resource>) -> Reading {
    let since = resources.iter().filter(|r| r.severity == severity).filter_map(|r| r.since).min();
    Reading { severity, headline: headline.into(), note: note.into(), resources, since, ..Reading::default() }
}

fn alarm(name: &str, severity: Severity, headline: &str, since: Option<Timestamp>, reason: &str) -> Resource {
    let mut alarm = resource(name, severity, headline);
    alarm.since = since;
    alarm.reason = reason.into();
    alarm.fields = vec![Field::new("state", headline), Field::new("kind", "metric"), Field::new("class", "critical")];
    alarm
}

fn quiet_alarms(environment: &str, count: usize) -> Vec<Resource> {
    let name = |index| format!("payments-{environment}-quiet-{index:02}");
    (0..count).map(|index| alarm(&name(index), Severity::Ok, "ok", at("01:00:00"), "")).collect()
}

fn healthy(seed: usize) -> Vec<(&'static str, Reading)> {
    let functions = ["payment-notification", "payment-processing", "payment-validation"];
    let functions = functions.iter().map(|name| function(name, Severity::Ok, "0.0 %", 0.21)).collect();
    let table = |name| resource(name, Severity::Ok, "0");
    let mut lambda = reading(Severity::Ok, "0.0 %", "", functions);
    lambda.series = curve(&[0.0; 8]);
    lambda.unit = "%".into();
    let environment = if seed == 0 { "dev" } else { "dr" };
    vec![
        ("alarms", reading(Severity::Ok, "12 ok", "", quiet_alarms(environment, 12))),
        ("lambda-errors", lambda),
        ("dynamodb-throttles", reading(Severity::Ok, "0", "", vec![table("audit-logs"), table("transactions")])),
        (
            "api-gateway",
            reading(Severity::Ok, "5xx 0.0 %", "", vec![resource("payments-api", Severity::Ok, "5xx 0.0 %")]),
        ),
        ("ecs-capacity", reading(Severity::Ok, "2/2", "", vec![resource("worker", Severity::Ok, "2/2")])),
        ("eks-capacity", Reading { headline: "–".into(), ..Reading::default() }),
    ]
}

fn staging() -> Vec<(&'static str, Reading)> {
    let mut readings = healthy(0);
    let mut alarms = vec![
        alarm(
            "payments-staging-api-4xx-warning",
            Severity::Warning,
            "ALARM · actions off",
            at("02:41:00"),
            "Threshold Crossed: 5 datapoints were greater than the threshold (5.0).",
        ),
        alarm(
            "payments-staging-backlog",
            Severity::Unknown,
            "no data",
            at("02:58:00"),
            "Insufficient Data: 3 datapoints were unknown.",
        ),
    ];
    alarms.extend(quiet_alarms("staging", 10));
    readings[0].1 = reading(Severity::Warning, "1 of 12", "1 no data, 1 actions off", alarms);
    readings[1].1.headline = "0.2 %".into();
    readings[1].1.series = curve(&[0.0, 0.0, 0.2, 0.0, 0.0, 0.0, 0.0, 0.2]);
    readings[3].1 = reading(Severity::Ok, "5xx 0.1 %", "", vec![resource("payments-api", Severity::Ok, "5xx 0.1 %")]);
    readings[4].1 = reading(Severity::Ok, "3/3", "", vec![resource("worker", Severity::Ok, "3/3")]);
    readings
}

fn prod() -> Vec<(&'static str, Reading)> {
    let mut alarms = vec![
        alarm(
            "payments-prod-api-5xx",
            Severity::Critical,
            "ALARM",
            at("03:09:00"),
            "Threshold Crossed: 3 out of the last 3 datapoints [3.9 (21/11/26 03:08:00), 2.8, 1.4] were greater than the threshold (1.0).",
        ),
        alarm(
            "payments-prod-lambda-errors-processing",
            Severity::Critical,
            "ALARM",
            at("03:05:00"),
            "Threshold Crossed: 2 out of the last 2 datapoints [8.4 (21/11/26 03:04:00), 6.1] were greater than the threshold (5.0).",
        ),
        alarm(
            "payments-prod-transactions-throttles",
            Severity::Warning,
            "ALARM · muted",
            at("03:07:00"),
            "Threshold Crossed: 1 datapoint [412.0 (21/11/26 03:06:00)] was greater than the threshold (100.0).",
        ),
    ];
    alarms.extend(quiet_alarms("prod", 11));
    let mut processing = function("payment-processing", Severity::Critical, "8.4 %", 2.1);
    processing.reason = "v43 published 03:04 (was v42)".into();
    processing.since = at("03:04:00");
    processing.series = curve(&[0.0, 0.0, 0.1, 0.9, 4.2, 7.0, 8.2, 8.4]);
    processing.curve = "errors, % of invocations".into();
    let functions = vec![
        processing,
        function("payment-notification", Severity::Ok, "0.0 %", 0.3),
        function("payment-validation", Severity::Ok, "0.1 %", 0.2),
    ];
    let mut lambda = reading(Severity::Critical, "8.4 %", "", functions);
    lambda.series = curve(&[0.0, 0.0, 0.1, 0.9, 4.2, 7.0, 8.2, 8.4]);
    lambda.unit = "%".into();
    let mut transactions = resource("transactions", Severity::Warning, "412/min");
    transactions.since = at("03:06:00");
    transactions.fields = vec![
        Field::with_unit("write_throttles", 412, "/min"),
        Field::with_unit("write_consumed", 98.2, "units/s"),
        Field::with_unit("write_provisioned", 100, "units/s"),
    ];
    let mut tables =
        reading(Severity::Warning, "412/min", "", vec![transactions, resource("audit-logs", Severity::Ok, "0")]);
    tables.series = curve(&[0.0, 0.0, 0.0, 3.0, 96.0, 230.0, 388.0, 412.0]);
    let mut api = resource("payments-api", Severity::Critical, "5xx 3.9 %");
    api.since = at("03:08:00");
    let mut gateway = reading(Severity::Critical, "5xx 3.9 %", "", vec![api]);
    gateway.series = curve(&[0.0, 0.0, 0.0, 0.0, 0.4, 2.2, 3.8, 3.9]);
    let mut worker = resource("worker", Severity::Warning, "18/20 · 2 pending, deploying");
    worker.since = at("03:10:00");
    worker.reason = "(service worker) has started 2 tasks.".into();
    vec![
        ("alarms", reading(Severity::Critical, "3 of 14", "", alarms)),
        ("lambda-errors", lambda),
        ("dynamodb-throttles", tables),
        ("api-gateway", gateway),
        ("ecs-capacity", reading(Severity::Warning, "18/20", "2 pending", vec![worker])),
        ("eks-capacity", Reading { headline: "–".into(), ..Reading::default() }),
    ]
}
