//! `watchfloor config check|schema|show` on configurations in a folder.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

use watchfloor::cli::config::{ConfigCommand, answer};
use watchfloor::cli::exit::Exit;
use watchfloor::cli::vocabulary::vocabulary;
use watchfloor::config::{Config, Flags, Paths, Source, Started, load, start};

struct Ran {
    code: Exit,
    out: String,
    err: String,
}

fn begin(config: Option<&str>) -> (tempfile::TempDir, Started) {
    let folder = tempfile::tempdir().unwrap();
    let paths = Paths::within(folder.path(), folder.path());
    std::fs::create_dir_all(&paths.config).unwrap();
    if let Some(text) = config {
        std::fs::write(paths.config_file(), text).unwrap();
    }
    let started = start(Some(&paths), &Flags::default(), |_| None, vocabulary());
    (folder, started)
}

fn command(command: ConfigCommand, config: Option<&str>) -> Ran {
    let (folder, started) = begin(config);
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let code = answer(command, &started, &mut out, &mut err).unwrap();
    let place = folder.path().join("watchfloor").display().to_string();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap().replace(&place, "~");
    Ran { code, out: text(out), err: text(err) }
}

const GOOD: &str = "[[environment]]\nsystem = \"payments\"\nname = \"prod\"\n";

#[test]
fn check_is_silent_about_what_is_good() {
    let ran = command(ConfigCommand::Check, Some(GOOD));
    assert_eq!((ran.out.as_str(), ran.code), ("~/config.toml: ok, 1 environment\n", Exit::Ok));
}

#[test]
fn check_says_each_problem_in_a_line() {
    let text = format!("{GOOD}regoin = \"x\"\n\n[keys]\nrefrsh = \"f5\"\nhelp = \"q\"\n");
    let ran = command(ConfigCommand::Check, Some(&text));
    let lines: Vec<_> = ran.out.lines().collect();
    assert_eq!(lines[0], "~/config.toml:4:1: error: unknown field `environment.regoin`; help: did you mean `region`?");
    assert_eq!(lines[1], "~/config.toml:7:1: error: `keys`: unknown action `refrsh`; help: did you mean `refresh`?");
    assert!(lines[2].starts_with("~/config.toml:8:8: error: keys: `q` for `help` already is"), "{}", lines[2]);
    assert_eq!(lines[3], "~/config.toml: 0 environments in use, 1 left out");
    assert_eq!((lines.len(), ran.code), (4, Exit::Usage));
}

#[test]
fn warnings_alone_are_no_failure() {
    let ran = command(ConfigCommand::Check, Some(&format!("{GOOD}region = \"us-east-9\"\n")));
    assert!(ran.out.contains("warning") && ran.out.ends_with("ok, 1 environment\n"), "{}", ran.out);
    assert_eq!(ran.code, Exit::Ok);
}

#[test]
fn check_without_a_configuration_says_how_to_get_one() {
    let ran = command(ConfigCommand::Check, None);
    assert_eq!(ran.out, "~/config.toml: there is no configuration; `watchfloor init` writes one\n");
    assert_eq!(ran.code, Exit::Usage);
}

#[test]
fn what_show_prints_loads_as_the_same() {
    let text = format!("{GOOD}select = {{ tags = {{ Team = \"a\" }} }}\n[cadence]\nalarms = 20\n");
    let ran = command(ConfigCommand::Show, Some(&text));
    assert!(ran.out.starts_with("# ~/config.toml\n# cadence: from ~/config.toml\n"), "{}", ran.out);
    assert!(ran.err.is_empty());
    let (_folder, started) = begin(Some(&text));
    let shown = load(&[&Source::new("shown", ran.out)], &[], &vocabulary());
    assert!(shown.problems.is_empty());
    assert_eq!(shown.config, started.loaded.config);
}

#[test]
fn show_keeps_its_answer_apart_from_what_is_wrong() {
    let ran = command(ConfigCommand::Show, Some("[cadence]\nalarms = 0\n"));
    assert!(ran.err.contains("too often") && !ran.out.contains("too often"));
    assert!(ran.out.contains("alarms = 15"));
}

#[test]
fn the_schema_describes_every_field() {
    let ran = command(ConfigCommand::Schema, None);
    let schema: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    let undescribed: Vec<_> = schema["$defs"]["EnvironmentConfig"]["properties"]
        .as_object()
        .unwrap()
        .iter()
        .filter(|(_, field)| field["description"].as_str().is_none_or(str::is_empty))
        .map(|(name, _)| name)
        .collect();
    assert_eq!(undescribed, Vec::<&String>::new());
    assert!(schema["properties"]["environment"].is_object());
    assert_eq!(schema["additionalProperties"], false);
    assert!(serde_json::to_value(Config::default()).is_ok());
}
