//! Configurations as users write them, good and bad: what is kept and what is said of the rest.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use proptest::prelude::*;
use watchfloor::config::{Config, Loaded, SignalWords, Source, Vocabulary, load, presets, theme::Themes};
use watchfloor::model::Level;

fn vocabulary() -> Vocabulary {
    let words = |id: &str, thresholds: &[(&str, f64, f64)]| SignalWords {
        id: id.into(),
        thresholds: thresholds
            .iter()
            .map(|(name, warn, critical)| ((*name).to_owned(), Level { warn: *warn, critical: *critical }))
            .collect(),
    };
    let owned = |names: &[&str]| Some(names.iter().map(|name| (*name).to_owned()).collect());
    Vocabulary {
        signals: Some(vec![
            words("alarms", &[]),
            words("lambda-errors", &[("error_rate", 1.0, 5.0)]),
            words("dynamodb-throttles", &[("per_minute", 1.0, 100.0)]),
            words("ecs-capacity", &[("running", 100.0, 80.0)]),
        ]),
        actions: owned(&["refresh", "help", "filter"]),
        themes: owned(&Themes::embedded().names()),
        profiles: owned(&["payments-dev", "payments-prod", "payments-prod-operator"]),
    }
}

fn load_text(file: &str, text: &str) -> Loaded {
    load(&[&Source::new(file, text)], &[], &vocabulary())
}

fn fixtures(kind: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/configs").join(kind);
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "toml"));
    files.sort();
    assert!(files.len() > 5, "the fixtures are not found");
    files
}

fn load_fixture(path: &Path) -> Loaded {
    load_text(path.file_name().unwrap().to_str().unwrap(), &std::fs::read_to_string(path).unwrap())
}

fn describe(loaded: &Loaded) -> String {
    let mut text = String::new();
    for problem in &loaded.problems {
        writeln!(text, "{problem}").unwrap();
    }
    let kept: Vec<_> = loaded.config.environments.iter().map(|environment| environment.label()).collect();
    let left_out: Vec<_> = loaded.left_out.iter().map(ToString::to_string).collect();
    let list = |labels: &[String]| if labels.is_empty() { "none".to_owned() } else { labels.join(", ") };
    writeln!(text, "kept: {}\nleft out: {}", list(&kept), list(&left_out)).unwrap();
    text
}

#[test]
fn valid_files_have_no_problem() {
    for path in fixtures("valid") {
        let loaded = load_fixture(&path);
        assert!(loaded.problems.is_empty(), "{}: {:#?}", path.display(), loaded.problems);
        assert!(!loaded.config.environments.is_empty(), "{}", path.display());
    }
}

#[test]
fn everything_in_a_full_file_is_used() {
    let path = fixtures("valid").into_iter().find(|path| path.ends_with("full.toml")).unwrap();
    let direct: Config = toml::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
    assert_eq!(load_fixture(&path).config, direct);
}

/// Beside each invalid file stand the messages it must give: place, reason, suggestion; and what still starts.
/// `UPDATE_EXPECTED=1` writes them anew, for review.
#[test]
fn invalid_files_say_where_why_and_what_instead() {
    for path in fixtures("invalid") {
        let found = describe(&load_fixture(&path));
        if std::env::var_os("UPDATE_EXPECTED").is_some() {
            std::fs::write(path.with_extension("expected"), &found).unwrap();
        }
        let expected = std::fs::read_to_string(path.with_extension("expected")).unwrap_or_default();
        assert_eq!(found, expected, "{}", path.display());
        assert!(load_fixture(&path).problems.iter().all(|problem| problem.position.is_some()), "{}", path.display());
    }
}

#[test]
fn what_is_wrong_costs_only_itself() {
    let path = fixtures("invalid").into_iter().find(|path| path.ends_with("several-at-once.toml")).unwrap();
    let config = load_fixture(&path).config;
    assert_eq!(config.environments.len(), 1);
    assert_eq!((config.cadence.alarms, config.cadence.state), (15, 20));
    assert_eq!((config.display.theme.as_str(), config.display.bell), ("dark", true));
}

#[test]
fn a_later_file_lies_over_an_earlier_one() {
    let preset = Source::new("preset", presets::estate("payments").unwrap());
    let user = Source::new("user", "[cadence]\nalarms = 20\n[display]\nbell = true\n");
    let more = Source::new(
        "more",
        "[cadence]\nstate = 10\nalarms = 0\n[thresholds.lambda-errors]\nerror_rate = { warn = 1, critical = 2 }\n",
    );
    let loaded = load(&[&preset, &user, &more], &[], &vocabulary());
    assert_eq!(loaded.config.environments.len(), 3);
    assert_eq!((loaded.config.cadence.alarms, loaded.config.cadence.state), (20, 10), "a bad value hides no good one");
    assert!(loaded.config.display.bell);
    assert_eq!(loaded.origins["environment"].as_str(), "preset");
}

#[test]
fn the_example_is_valid_and_shows_every_field() {
    let text = watchfloor::config::example();
    let loaded = load(&[&Source::new("example.toml", text)], &[], &Vocabulary::default());
    assert!(loaded.problems.is_empty(), "{:#?}", loaded.problems);
    assert!(!loaded.config.environments.is_empty());
    let schema = serde_json::to_value(schemars::schema_for!(Config)).unwrap();
    let mut fields = Vec::new();
    collect_fields(&schema, &mut fields);
    assert!(fields.len() > 20);
    for field in fields {
        assert!(text.contains(&field), "the example does not mention `{field}`");
    }
}

fn collect_fields(schema: &serde_json::Value, fields: &mut Vec<String>) {
    match schema {
        serde_json::Value::Object(entries) => {
            if let Some(serde_json::Value::Object(properties)) = entries.get("properties") {
                fields.extend(properties.keys().cloned());
            }
            entries.values().for_each(|value| collect_fields(value, fields));
        }
        serde_json::Value::Array(values) => values.iter().for_each(|value| collect_fields(value, fields)),
        _ => {}
    }
}

#[test]
fn deep_and_large_files_end_in_problems() {
    let deep_key = format!("{} = 1", vec!["a"; 100_000].join("."));
    let deep_array = format!("a = {}", "[".repeat(100_000));
    let deep_table = format!("[{}]", vec!["a"; 100_000].join("."));
    let deep_inline = "a = ".to_owned() + &"{a = ".repeat(100_000);
    for text in [deep_key, deep_array, deep_table, deep_inline] {
        assert_eq!(load_text("deep.toml", &text).problems.len(), 1);
    }
    let many: String = (0..50_000).map(|number| format!("k{number} = 1\n")).collect();
    let problems = load_text("many.toml", &many).problems;
    assert_eq!(problems.len(), 101);
    assert_eq!(problems[100].to_string(), "many.toml: error: and 49900 more");
}

fn words() -> impl Strategy<Value = String> {
    let word = prop::sample::select(vec![
        "[[environment]]\n",
        "[environment]\n",
        "[environment.select]\n",
        "[thresholds.lambda-errors]\n",
        "[cadence]\n",
        "[keys]\n",
        "[display]\n",
        "[[metric]]\n",
        "title",
        "dimensions",
        "statistic",
        "environments",
        "rows",
        "\"p95\"",
        "system",
        "name",
        "region",
        "account",
        "alarms",
        "theme",
        "error_rate",
        "names",
        "tags",
        "refresh",
        " = ",
        "\n",
        "\"payments\"",
        "\"111122223333\"",
        "\"us-east-1\"",
        "[\"*\"]",
        "{ warn = 1, critical = 5 }",
        "5",
        "-1",
        "true",
        "\"",
        "{",
        "}",
        "[",
        "]",
        "1979-05-27",
        "é",
        "\u{202e}",
        "\u{1b}[31m",
        ".",
        ",",
        "nan",
        "0x7fffffffffffffff",
        "\r\n",
    ]);
    prop::collection::vec(word, 0..40).prop_map(|words| words.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_text_breaks_the_loader(text in any::<String>()) {
        load_text("any.toml", &text);
    }

    #[test]
    fn nothing_like_a_configuration_breaks_the_loader(text in words()) {
        let loaded = load_text("words.toml", &text);
        for problem in &loaded.problems {
            let line = problem.to_string();
            prop_assert!(!line.contains(['\u{1b}', '\n', '\u{202e}']), "{line:?}");
        }
        for environment in &loaded.config.environments {
            prop_assert!(!environment.system.is_empty() && !environment.name.is_empty());
        }
    }

    #[test]
    fn no_bytes_break_the_reader(bytes in any::<Vec<u8>>()) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("config.toml");
        std::fs::write(&path, &bytes).unwrap();
        if let Ok(Some((source, _))) = Source::read(&path) {
            load(&[&source], &[], &vocabulary());
        }
    }

    #[test]
    fn what_is_shown_loads_as_the_same(
        names in prop::collection::btree_set("[a-z][a-z0-9_.-]{0,12}", 1..5),
        alarms in 5u64..86_400,
        theme in prop::sample::select(Themes::embedded().names().into_iter().map(str::to_owned).collect::<Vec<_>>()),
        account in prop::option::of("[0-9]{12}"),
        tag in "\\PC{1,20}",
        warn in 0.0f64..50.0,
        ignore in prop::collection::vec("[a-z]{1,5}", 0..3),
    ) {
        let mut config = Config::default();
        for name in names {
            let mut environment = watchfloor::config::EnvironmentConfig { system: "payments".into(), name, account: account.clone(), ..Default::default() };
            environment.select.tags.insert("Team".into(), tag.clone());
            config.environments.push(environment);
        }
        config.cadence.alarms = alarms;
        config.display.theme = theme;
        config.naming.ignore = ignore;
        config.thresholds.entry("lambda-errors".into()).or_default().insert("error_rate".into(), Level { warn, critical: warn * 2.0 });
        let text = toml::to_string_pretty(&config).unwrap();
        let loaded = load_text("shown.toml", &text);
        prop_assert!(loaded.problems.is_empty(), "{:#?}\n{text}", loaded.problems);
        prop_assert_eq!(&loaded.config, &config);
        prop_assert_eq!(toml::to_string_pretty(&loaded.config).unwrap(), text);
    }
}

#[test]
fn change_freezes_are_read_in_text_and_as_dates_and_shown_again() {
    let text = "[[environment]]\nsystem = \"payments\"\nname = \"prod\"\ntier = \"production\"\n\
                [[freeze]]\nname = \"Christmas\"\nfrom = 2026-12-20T01:00:00+01:00\nuntil = \"2026-12-27T00:00:00Z\"\n\
                [[freeze]]\nname = \"Weekend\"\nenvironments = [\"payments/prod\"]\n\
                weekly = { from = \"friday 16:00\", until = \"Mon 08:00\" }\n";
    let loaded = load_text("config.toml", text);
    assert_eq!(loaded.problems, []);
    assert_eq!(loaded.config.freezes[0].from.unwrap().to_string(), "2026-12-20T00:00:00Z");
    let shown = toml::to_string(&loaded.config).unwrap();
    assert!(shown.contains("from = \"Fri 16:00\""), "{shown}");
    assert_eq!(load_text("shown.toml", &shown).config, loaded.config);
}

#[test]
fn what_cannot_be_read_of_the_calendar_closes_it_for_production() {
    let prod = "[[environment]]\nsystem = \"payments\"\nname = \"prod\"\ntier = \"production\"\n";
    for (freeze, why) in [
        ("[freeze]\nname = \"x\"", "the change freeze in config.toml, line 5"),
        ("[[freeze]]\nname = \"x\"", "the change freeze `x` in config.toml, line 5"),
        ("[[freeze]]\nname = \"x\"\nfrom = \"soon\"\nuntil = 3", "the change freeze `x` in config.toml, line 5"),
        ("[[freeze]]\nname = \"x\"\nunti = 3", "the change freeze `x` in config.toml, line 5"),
        ("[[freezes]]\nname = \"x\"", "the change freeze in config.toml, line 5"),
        ("[[freeze]]\nname = \"x", "config.toml is not TOML"),
    ] {
        let loaded = load_text("config.toml", &format!("{prod}{freeze}\n"));
        assert!(loaded.has_errors(), "{freeze}");
        assert!(loaded.config.freezes.is_empty(), "{freeze}");
        assert_eq!(loaded.config.unreadable_freezes, [why], "{freeze}");
    }
}
