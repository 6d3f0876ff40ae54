//! `watchfloor init`: what it makes of AWS profiles, and what it never does.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

use std::path::{Path, PathBuf};

use proptest::prelude::*;
use watchfloor::cli::exit::Exit;
use watchfloor::cli::init::{InitArgs, write_from};
use watchfloor::config::aws_files::AwsFiles;
use watchfloor::config::{Loaded, Source, Vocabulary, load};

struct Home {
    folder: tempfile::TempDir,
    files: AwsFiles,
}

struct Ran {
    code: Exit,
    out: String,
    err: String,
}

const PRINT: InitArgs = InitArgs { print: true, force: false, config: None };
const WRITE: InitArgs = InitArgs { print: false, force: false, config: None };
const FORCE: InitArgs = InitArgs { print: false, force: true, config: None };

impl Home {
    fn new(config: &str, credentials: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let files = AwsFiles::of_user(folder.path(), |_| None);
        std::fs::create_dir(folder.path().join(".aws")).unwrap();
        std::fs::write(&files.config, config).unwrap();
        std::fs::write(&files.credentials, credentials).unwrap();
        Self { folder, files }
    }

    fn target(&self) -> PathBuf {
        self.folder.path().join("config/watchfloor/config.toml")
    }

    fn run(&self, args: &InitArgs) -> Ran {
        let (mut out, mut err) = (Vec::new(), Vec::new());
        let code = write_from(args, &self.target(), &self.files, &mut out, &mut err).unwrap();
        Ran { code, out: String::from_utf8(out).unwrap(), err: String::from_utf8(err).unwrap() }
    }
}

fn failed(ran: &Ran) -> bool {
    ran.code == Exit::Usage
}

fn load_text(text: &str) -> Loaded {
    load(&[&Source::new("init.toml", text)], &[], &Vocabulary::default())
}

fn fixture(name: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/aws").join(name)).unwrap()
}

#[test]
fn profiles_become_environments() {
    let ran = Home::new(&fixture("everything.config"), &fixture("everything.credentials")).run(&PRINT);
    assert!(!failed(&ran) && ran.err.is_empty());
    if std::env::var_os("UPDATE_EXPECTED").is_some() {
        std::fs::write(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/aws/everything.expected"), &ran.out).unwrap();
    }
    assert_eq!(ran.out, fixture("everything.expected"));
    let loaded = load_text(&ran.out);
    assert!(loaded.problems.is_empty(), "{:?}", loaded.problems);
    for secret in ["AKIA", "wJalr"] {
        assert!(!ran.out.contains(secret));
    }
}

#[test]
fn windows_line_ends_change_nothing() {
    let plain = Home::new(&fixture("everything.config"), "").run(&PRINT).out;
    let windows = Home::new(&fixture("everything.config").replace('\n', "\r\n"), "").run(&PRINT).out;
    assert_eq!(plain, windows);
}

#[test]
fn environments_of_one_name_are_told_apart() {
    let config = "[profile shop-prod]\nregion = eu-west-1\n[profile prod-shop]\nregion = us-east-1\n\
                  [profile a-dev]\nsso_account_id = 111111111111\n[profile dev-a]\nsso_account_id = 222222222222\n\
                  [profile b-dev]\n[profile dev-b]\nregion = eu-west-1\n";
    let loaded = load_text(&Home::new(config, "").run(&PRINT).out);
    assert!(loaded.problems.is_empty(), "{:?}", loaded.problems);
    let labels: Vec<_> = loaded.config.environments.iter().map(|environment| environment.label()).collect();
    assert_eq!(
        labels,
        ["shop/prod-eu-west-1", "shop/prod-us-east-1", "a/dev-111111111111", "a/dev-222222222222", "b/dev", "b/dev-2"]
    );
}

#[test]
fn default_counts_only_where_it_is_alone() {
    let labels = |config: &str| {
        let loaded = load_text(&Home::new(config, "").run(&PRINT).out);
        loaded.config.environments.iter().map(|environment| environment.label()).collect::<Vec<_>>()
    };
    assert_eq!(labels("[default]\nregion = eu-west-1\n"), ["default/main"]);
    assert_eq!(labels("[default]\n[profile shop-dev]\n"), ["shop/dev"]);
}

#[test]
fn without_profiles_it_says_what_to_do() {
    for config in ["", "[sso-session x]\nsso_region = eu-west-1\n[services y]\n"] {
        let home = Home::new(config, "");
        let ran = home.run(&WRITE);
        assert!(failed(&ran) && ran.out.is_empty());
        assert!(ran.err.contains("no AWS profile") && ran.err.contains("watchfloor drill"), "{}", ran.err);
        assert!(!home.target().exists());
    }
}

#[test]
fn it_writes_for_the_owner_alone_and_overwrites_nothing() {
    let home = Home::new("[profile shop-dev]\nregion = eu-west-1\n", "");
    let ran = home.run(&WRITE);
    assert!(!failed(&ran) && ran.out.is_empty() && ran.err.contains("shop/dev: profile shop-dev, eu-west-1"));
    let written = std::fs::read_to_string(home.target()).unwrap();
    assert_eq!(written, home.run(&PRINT).out, "what is printed is what is written");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(std::fs::metadata(home.target()).unwrap().permissions().mode() & 0o777, 0o600);
    }

    std::fs::write(home.target(), "# mine\n").unwrap();
    let ran = home.run(&WRITE);
    assert!(failed(&ran) && ran.err.contains("--force"), "{}", ran.err);
    assert_eq!(std::fs::read_to_string(home.target()).unwrap(), "# mine\n");
}

#[test]
fn force_keeps_every_old_configuration() {
    let home = Home::new("[profile shop-dev]\n", "");
    let folder = home.target().parent().unwrap().to_owned();
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(home.target(), "# first\n").unwrap();
    assert!(!failed(&home.run(&FORCE)));
    std::fs::write(home.target(), "# second\n").unwrap();
    let ran = home.run(&FORCE);
    assert!(!failed(&ran) && ran.err.contains("config.toml.bak1"), "{}", ran.err);
    assert_eq!(std::fs::read_to_string(folder.join("config.toml.bak")).unwrap(), "# first\n");
    assert_eq!(std::fs::read_to_string(folder.join("config.toml.bak1")).unwrap(), "# second\n");
    assert!(std::fs::read_to_string(home.target()).unwrap().contains("shop-dev"));
}

#[test]
fn force_without_profiles_leaves_the_old_configuration() {
    let home = Home::new("", "");
    std::fs::create_dir_all(home.target().parent().unwrap()).unwrap();
    std::fs::write(home.target(), "# mine\n").unwrap();
    assert!(failed(&home.run(&FORCE)));
    assert_eq!(std::fs::read_to_string(home.target()).unwrap(), "# mine\n");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_profiles_are_called_the_result_is_valid(
        profiles in prop::collection::vec(
            ("\\PC{0,60}|[a-z]{1,8}-(prod|dev|qa)(-admin|-ro)?", prop::option::of("[a-z]{2}-[a-z]{2,9}-[1-9]|\\PC{0,9}"), prop::option::of("[0-9]{10,13}")),
            0..12,
        ),
    ) {
        let mut config = String::new();
        for (name, region, account) in &profiles {
            config.push_str(&format!("[profile {name}]\n"));
            if let Some(region) = region { config.push_str(&format!("region = {region}\n")); }
            if let Some(account) = account { config.push_str(&format!("sso_account_id = {account}\n")); }
        }
        let ran = Home::new(&config, "").run(&PRINT);
        let loaded = load_text(&ran.out);
        prop_assert!(!loaded.has_errors(), "{:?}\n{}", loaded.problems, ran.out);
        prop_assert_eq!(loaded.config.environments.is_empty(), ran.out.is_empty());
    }

    #[test]
    fn any_file_is_survived(config in any::<String>(), credentials in any::<String>()) {
        let ran = Home::new(&config, &credentials).run(&PRINT);
        prop_assert!(!load_text(&ran.out).has_errors());
    }
}
