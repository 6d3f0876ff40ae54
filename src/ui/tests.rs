//! Tests of `ui`.
//! Every screen with its styles, at the sizes that terminals have.

use rstest::rstest;

use super::testing::estate::{console, payments, troubled};
use super::testing::{dark, look, press, screen, styled, text};
use super::*;
use crate::app::App;

fn sizes(name: &str, mut app: App) {
    for (width, height) in [(80, 24), (120, 40), (200, 50)] {
        let buffer = screen(&mut app, &dark(), width, height);
        insta::assert_snapshot!(format!("{name}_{width}x{height}"), styled(&buffer));
    }
}

fn after(mut app: App, keys: &[&str]) -> App {
    // One frame tells the state how much fits, as in the console.
    screen(&mut app, &dark(), 80, 24);
    press(&mut app, keys);
    app
}

#[test]
fn the_wall() {
    sizes("wall", payments());
}

#[test]
fn the_wall_with_environments_in_trouble() {
    sizes("wall_troubled", troubled());
}

#[rstest]
#[case("light", Depth::TrueColor, false)]
#[case("dark", Depth::Sixteen, false)]
#[case("dark", Depth::Mono, false)]
#[case("dark", Depth::TrueColor, true)]
fn the_wall_in_other_looks(#[case] theme: &str, #[case] depth: Depth, #[case] ascii: bool) {
    let buffer = screen(&mut payments(), &look(theme, depth, ascii), 120, 40);
    let name = format!("wall_{theme}_{depth:?}{}", if ascii { "_ascii" } else { "" }).to_lowercase();
    insta::assert_snapshot!(name, styled(&buffer));
}

#[test]
fn one_signal() {
    sizes("signal", after(payments(), &["g", "j", "enter"]));
}

#[test]
fn the_alarms() {
    sizes("alarms", after(payments(), &["L"]));
}

#[test]
fn the_connections() {
    sizes("connections", after(troubled(), &["C", "j", "j", "j"]));
}

#[test]
fn one_environment() {
    sizes("environment", after(payments(), &["e"]));
    sizes("environment_troubled", after(troubled(), &["l", "e"]));
}

/// The failing function, opened, with three hours of its metrics.
pub(super) fn opened() -> App {
    use crate::inquiry::Answer;
    use crate::inquiry::charts::ChartsAnswer;
    use crate::model::{MetricSet, Series};
    let mut app = after(payments(), &["g", "j", "l", "l", "enter", "enter"]);
    let subject = app.resource.subject.clone().expect("a resource is open");
    let now = super::testing::estate::now();
    let start = jiff::Timestamp::from_second(now.as_second() / 60 * 60 - 180 * 60).unwrap();
    let points = |name: &str| -> Vec<Option<f64>> {
        let wave = |minute: usize| (minute as f64 / 9.0).sin();
        let bad = |minute: usize| minute >= 171;
        let value = |minute: usize| match name {
            _ if minute >= 178 => None,
            "Errors" => bad(minute).then_some(104.0),
            "Duration" => {
                (!(60..70).contains(&minute)).then_some(if bad(minute) { 2100.0 } else { 340.0 + 60.0 * wave(minute) })
            }
            "Invocations" => Some(1200.0 + 150.0 * wave(minute)),
            "Throttles" => None,
            _ => Some(40.0 + 8.0 * wave(minute)),
        };
        (0..180).map(value).collect()
    };
    let charts = crate::signals::charts::of(subject.signal, &subject.resource).charts;
    let series = charts.into_iter().flat_map(|chart| chart.lines).map(|line| {
        let points = points(&line.query.name);
        (line.query, Series { start, period_s: 60, points }.into())
    });
    let metrics = MetricSet { series: series.collect(), fault: None, at: Some(now) };
    let answer = ChartsAnswer { env: subject.env, about: subject.key(), metrics };
    let _ = crate::app::update_all(&mut app, [crate::app::Message::Answer(Box::new(Answer::Charts(Box::new(answer))))]);
    app
}

#[test]
fn one_resource() {
    sizes("resource", opened());
    let mut app = opened();
    press(&mut app, &["tab"]);
    insta::assert_snapshot!("resource_facts", text(&screen(&mut app, &dark(), 80, 24)));
    press(&mut app, &["tab"]);
    insta::assert_snapshot!("resource_changes", text(&screen(&mut app, &dark(), 80, 24)));
    press(&mut app, &["tab"]);
    insta::assert_snapshot!("resource_alarms", text(&screen(&mut app, &dark(), 80, 24)));
}

#[test]
fn a_chart_of_which_nothing_is_known_stands_last() {
    let mut app = opened();
    let order = |app: &mut App| {
        let shown = text(&screen(app, &dark(), 200, 50));
        let mut titles = ["Errors", "Duration", "Throttles"].map(|title| (shown.find(&format!("{title}  ━")), title));
        titles.sort();
        titles.map(|(_, title)| title)
    };
    assert_eq!(order(&mut app), ["Errors", "Duration", "Throttles"]);
    app.resource.metrics.as_mut().unwrap().series.retain(|query, _| query.name != "Errors");
    assert_eq!(order(&mut app), ["Duration", "Throttles", "Errors"]);
}

#[test]
fn a_log() {
    use crate::app::{Message, update_all};
    use crate::inquiry::Answer;
    use crate::inquiry::logs::{LogLine, LogsAnswer, LogsPart};
    let mut app = opened();
    press(&mut app, &["l"]);
    insta::assert_snapshot!("logs_looking", text(&screen(&mut app, &dark(), 80, 24)));
    let group = crate::base::Text::new("/aws/lambda/payments-prod-processing");
    let line = |index: i64| {
        let at =
            jiff::Timestamp::from_millisecond(super::testing::estate::now().as_millisecond() - 40_000 + index * 731);
        let text = match index % 7 {
            0 => {
                "{\"level\":\"error\",\"message\":\"card declined by issuer\",\"request\":\"7f0c\",\"attempt\":3,\"route\":\"/process\"}"
            }
            3 => "WARN retrying after 200 ms",
            _ => "START RequestId: 7f0c Version: 43",
        };
        LogLine {
            at: at.unwrap(),
            stream: "2026/11/20/[43]7f0c9a".into(),
            id: format!("{index}").into(),
            text: text.into(),
        }
    };
    let told = [
        LogsPart::Groups(vec![group]),
        LogsPart::Began,
        LogsPart::Lines { lines: (0..50).map(line).collect(), skipped_s: 0 },
    ];
    // The first and only question about a log.
    let answer = |part| Answer::Logs(Box::new(LogsAnswer { number: 1, part }));
    let _ = update_all(&mut app, told.map(|part| Message::Answer(Box::new(answer(part)))));
    sizes("logs", app.clone());
    press(&mut app, &["W"]);
    insta::assert_snapshot!("logs_wrapped", text(&screen(&mut app, &dark(), 80, 24)));
}

#[test]
fn one_resource_in_ascii_without_colour() {
    let buffer = screen(&mut opened(), &look("dark", Depth::Mono, true), 120, 40);
    insta::assert_snapshot!("resource_mono_ascii", styled(&buffer));
}

#[test]
fn the_help() {
    sizes("help", after(payments(), &["?"]));
}

#[test]
fn the_description_of_a_resource() {
    use crate::app::{Message, update_all};
    use crate::inquiry::Answer;
    use crate::inquiry::raw::{RawAnswer, RawPart};
    use crate::model::{Fault, FaultKind};
    let mut app = after(payments(), &["g", "j", "l", "l", "d"]);
    insta::assert_snapshot!("describe_asking", text(&screen(&mut app, &dark(), 80, 24)));
    let about = app.describe.about.as_ref().unwrap().key();
    let at = super::testing::estate::now();
    let said = [
        "{",
        "  \"Environment\": {",
        "    \"Variables\": {",
        "      \"TABLE_NAME\": \"•••• (19 characters)\"",
        "    }",
        "  },",
        "  \"FunctionArn\": \"arn:aws:lambda:us-east-1:111122223332:function:payments-prod-payment-processing\",",
        "  \"MemorySize\": 2048",
        "}",
    ];
    let fault = Fault::new(FaultKind::Denied, "GetPolicy", "AccessDeniedException: not authorized to perform it")
        .with_remedy("the role needs permission for GetPolicy");
    let part = |operation: &str, said| RawPart { operation: operation.into(), at, said };
    let parts = Some(vec![
        part("GetFunctionConfiguration", Ok(said.map(crate::base::Text::from).to_vec())),
        part("GetPolicy", Err(fault)),
    ]);
    let answer = Answer::Raw(Box::new(RawAnswer { about, parts }));
    let _ = update_all(&mut app, [Message::Answer(Box::new(answer))]);
    press(&mut app, &["/", "a", "r", "n", "enter", "n"]);
    sizes("describe", app);
}

#[test]
fn the_palette() {
    sizes("palette", after(payments(), &[":", "a", "l", "a"]));
}

#[rstest]
#[case::filter("filter_typed", &["/", "p", "r", "o", "d"])]
#[case::no_match("filter_empty", &["/", "q", "q", "q", "enter"])]
#[case::nothing_wrong("attention", &["z"])]
#[case::details("details", &["tab", "j"])]
#[case::paused("paused", &["space"])]
#[case::notice("notice", &["y"])]
#[case::messages("messages", &["y", "M"])]
fn what_the_keys_do_to_the_wall(#[case] name: &str, #[case] keys: &[&str]) {
    let mut app = after(payments(), keys);
    insta::assert_snapshot!(format!("keys_{name}"), text(&screen(&mut app, &dark(), 80, 24)));
}

#[rstest]
#[case::no_environment("no_environment", vec![], &[])]
#[case::waiting("waiting", vec![0, 1], &[])]
#[case::no_alarms("no_alarms", vec![0], &["L"])]
#[case::no_resource("no_resource", vec![0], &["enter"])]
fn an_empty_screen_says_why(#[case] name: &str, #[case] environments: Vec<usize>, #[case] keys: &[&str]) {
    use crate::model::Tier;
    let environment =
        |id: usize| super::testing::estate::environment(id, "payments", "dev", Tier::Development, "eu-west-1");
    let mut app = after(console(environments.into_iter().map(environment).collect()), keys);
    insta::assert_snapshot!(format!("empty_{name}"), text(&screen(&mut app, &dark(), 80, 24)));
}

#[rstest]
#[case(60, 15)]
#[case(40, 10)]
#[case(20, 5)]
fn small_terminals(#[case] width: u16, #[case] height: u16) {
    insta::assert_snapshot!(format!("small_{width}x{height}"), text(&screen(&mut troubled(), &dark(), width, height)));
}

mod any {
    //! Whatever the data, the size and the keys: it draws, and nothing but characters reaches the terminal.

    use jiff::Timestamp;
    use proptest::prelude::*;

    use super::*;
    use crate::app::{Message, update_all};
    use crate::base::Text;
    use crate::model::{EnvId, Fault, FaultKind, Field, Reading, Resource, Series, Severity, SignalId};
    use crate::poll::PollEvent;

    const KEYS: &[&str] = &[
        "enter", "esc", "e", "j", "k", "h", "l", "G", "g", "L", "C", "d", "?", "z", "s", "tab", "space", "M", "0", "/",
        ":", "=", "x", "pagedown", "T", "q", "!",
    ];

    fn severity() -> impl Strategy<Value = Severity> {
        use Severity::{Absent, Critical, Ok, Unknown, Warning};
        prop::sample::select(vec![Absent, Ok, Unknown, Warning, Critical])
    }

    fn words() -> impl Strategy<Value = Text> {
        prop_oneof![any::<String>(), "[a-z-]{0,60}", "\\PC{0,20}", Just("支払い👩‍👩‍👧 e\u{301}\u{1b}[31m".to_owned())]
            .prop_map(Text::from)
    }

    fn series() -> impl Strategy<Value = Option<Series>> {
        let point = prop::option::of(prop_oneof![Just(0.0), Just(f64::NAN), Just(f64::INFINITY), -1e9..1e9f64]);
        let points = prop::collection::vec(point, 0..50);
        prop::option::of(points.prop_map(|points| Series { start: Timestamp::UNIX_EPOCH, period_s: 60, points }))
    }

    prop_compose! {
        fn resource()(
            texts in prop::array::uniform4(words()), severity in severity(), series in series(), since in any::<i32>(),
        ) -> Resource {
            let [name, logical_name, headline, reason] = texts;
            let fields = vec![Field::new("some_key", reason.clone()), Field::with_unit("rate", 1.5, "/min")];
            let since = Timestamp::from_second(since.into()).ok();
            Resource { name, logical_name, headline, reason, severity, series, since, fields, ..Resource::default() }
        }
    }

    prop_compose! {
        fn report()(
            env in 0usize..6, signal in 0usize..6, good in any::<bool>(), age in 0i64..10_000, severity in severity(),
            texts in prop::array::uniform3(words()), resources in prop::collection::vec(resource(), 0..6), series in series(),
        ) -> Message {
            let [headline, note, message] = texts;
            let app = troubled();
            let at = Timestamp::from_second(app.now.as_second() - age).unwrap();
            let reading = Reading { severity, headline, note, resources, series, since: Some(at), ..Reading::default() };
            let fault = Fault::new(FaultKind::Service, "Operation", &message).with_remedy(message);
            let outcome = if good { Ok(reading) } else { Err(fault) };
            let signal: SignalId = app.fleet.signals[signal].id;
            Message::Poll(PollEvent::Reading { env: EnvId(env), signal, outcome: outcome.map(Box::new), at, every_s: 60 })
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]
        #[test]
        fn state_draws_at_any_size(
            reports in prop::collection::vec(report(), 0..12), keys in prop::collection::vec(0..KEYS.len(), 0..8),
            width in 1u16..220, height in 1u16..60, ascii in any::<bool>(), empty in any::<bool>(),
        ) {
            let mut app = if empty { console(vec![]) } else { troubled() };
            let look = look("dark", Depth::TrueColor, ascii);
            let _ = update_all(&mut app, reports);
            screen(&mut app, &look, width, height);
            for key in keys {
                press(&mut app, &[KEYS[key]]);
                let buffer = screen(&mut app, &look, width, height);
                for cell in &buffer.content {
                    prop_assert!(!cell.symbol().chars().any(char::is_control));
                    prop_assert!(!ascii || cell.symbol().is_ascii());
                }
                svg::render(&buffer, "any", svg::Paper::DARK);
            }
        }
    }
}

#[test]
fn a_click_finds_what_was_drawn() {
    use crate::app::Target;
    let mut app = payments();
    screen(&mut app, &dark(), 120, 40);
    assert_eq!(app.hits.at(30, 3), Some(Target::Cell { row: 1, column: 0 }));
    assert_eq!(app.hits.at(3, 4), Some(Target::Row(2)));
    assert_eq!(app.hits.at(100, 1), Some(Target::Column(2)));
    assert!(matches!(app.hits.at(3, 39), Some(Target::Action(_))));
    assert_eq!((app.hits.rows, app.hits.columns), (5, 6), "nobody has EKS");
}
