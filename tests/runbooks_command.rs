//! `watchfloor runbooks list|show|check|schema|trust` on files in a folder.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use watchfloor::cli::exit::Exit;
use watchfloor::cli::runbooks::{RunbooksCommand, answer};
use watchfloor::guard::Trust;
use watchfloor::model::TargetKind;
use watchfloor::runbook::books::{Library, Shelf};

const MINE: &str = r#"schema = 1
id = "mine"
title = "Mine"
action = "ecs.redeploy"
steps = [{ id = "apply", send = "force_new_deployment" }]
verify = [{ that = "running == desired" }]
"#;

struct Room {
    root: tempfile::TempDir,
    shelf: Shelf,
}

fn chmod(path: &Path, mode: u32) {
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
}

impl Room {
    fn new() -> Self {
        let root = tempfile::tempdir().unwrap();
        let folder = root.path().join("runbooks");
        std::fs::create_dir(&folder).unwrap();
        chmod(&folder, 0o700);
        let shelf = Shelf { folder: Some(folder), trusted: Some(root.path().join("state/trusted.json")) };
        Self { root, shelf }
    }

    fn put(&self, name: &str, text: &str) -> PathBuf {
        let path = self.root.path().join("runbooks").join(name);
        std::fs::write(&path, text).unwrap();
        chmod(&path, 0o600);
        path
    }

    fn run(&self, command: &RunbooksCommand) -> (Exit, String, String) {
        let (mut out, mut err) = (Vec::new(), Vec::new());
        let exit = answer(command, &self.shelf, &mut out, &mut err).unwrap();
        let place = format!("{}/runbooks/", self.root.path().display());
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap().replace(&place, "~/");
        (exit, text(out), text(err))
    }

    fn trust(&self) -> Option<Trust> {
        Library::load(&self.shelf).book("mine").map(|book| book.trust.clone())
    }
}

#[test]
fn check_says_what_is_wrong_with_its_place_and_keeps_the_rest() {
    let room = Room::new();
    let (exit, out, err) = room.run(&RunbooksCommand::Check { files: Vec::new() });
    assert_eq!((exit, err.as_str()), (Exit::Ok, ""));
    assert!(out.starts_with("ok, "), "{out}");
    room.put("good.toml", MINE);
    let bad = room.put("bad.toml", &MINE.replace("\"mine\"", "\"bad\"").replace("==", "="));
    let (exit, out, err) = room.run(&RunbooksCommand::Check { files: Vec::new() });
    assert_eq!(exit, Exit::Warning);
    assert_eq!(out, "~/good.toml: ok, mine\n");
    assert_eq!(err, "~/bad.toml:6:29: error: not a condition: unexpected `=`; help: write `==`\n");
    let (exit, ..) = room.run(&RunbooksCommand::Check { files: vec![bad] });
    assert_eq!(exit.code(), 1);
    let missing = RunbooksCommand::Check { files: vec!["/nowhere.toml".into()] };
    assert!(answer(&missing, &room.shelf, &mut Vec::new(), &mut Vec::new()).is_err());
}

#[test]
fn a_file_that_others_can_write_is_refused_with_what_to_do() {
    let room = Room::new();
    chmod(&room.put("mine.toml", MINE), 0o620);
    let (exit, _, err) = room.run(&RunbooksCommand::Check { files: Vec::new() });
    assert_eq!(exit, Exit::Warning);
    assert!(err.contains("can be written by its group; help: chmod go-w "), "{err}");
    assert_eq!(room.trust(), None);
}

#[test]
fn trust_shows_the_file_and_holds_for_its_content_alone() {
    let room = Room::new();
    room.put("mine.toml", &MINE.replace("\"Mine\"", "\"Mine \\u001b[31m\" # \u{202e}odd"));
    assert_eq!(room.trust(), Some(Trust::New));
    let (exit, out, _) = room.run(&RunbooksCommand::Trust { id: "mine".into() });
    assert_eq!(exit, Exit::Ok);
    assert!(out.contains("send = \"force_new_deployment\"") && out.contains("sha256 "), "{out}");
    assert!(!out.contains('\u{202e}') && !out.contains('\u{1b}'), "{out:?}");
    assert_eq!(room.trust(), Some(Trust::Trusted));
    assert_eq!(std::fs::metadata(room.shelf.trusted.as_ref().unwrap()).unwrap().permissions().mode() & 0o777, 0o600);
    room.put("mine.toml", MINE);
    assert_eq!(room.trust(), Some(Trust::Changed));
    let built_in = RunbooksCommand::Trust { id: "ecs-rollback".into() };
    assert!(answer(&built_in, &room.shelf, &mut Vec::new(), &mut Vec::new()).is_err());
}

#[test]
fn list_and_show_say_what_there_is() {
    let room = Room::new();
    room.put("mine.toml", MINE);
    let (_, out, _) = room.run(&RunbooksCommand::List { kind: Some(TargetKind::EcsService), json: false });
    assert!(out.lines().any(|line| line.starts_with("mine ") && line.contains("not trusted")), "{out}");
    assert!(out.lines().any(|line| line.starts_with("uex-tasks-not-starting ") && line.contains(" reads ")), "{out}");
    assert!(!out.contains("lambda-alias-rollback"));
    let (_, out, _) = room.run(&RunbooksCommand::List { kind: None, json: true });
    let list: serde_json::Value = serde_json::from_str(&out).unwrap();
    let rollback = list.as_array().unwrap().iter().find(|book| book["id"] == "ecs-rollback").unwrap();
    assert_eq!((&rollback["trust"], &rollback["sends"]), (&"built in".into(), &true.into()));
    let (_, out, _) = room.run(&RunbooksCommand::Show { id: "ecs-scale".into(), json: false });
    assert!(out.contains("desired  count 1 to 200, must be given: tasks wanted"), "{out}");
    assert!(out.contains("floor 1, at least 60 % of healthy, at most 20 at once"), "{out}");
    let unknown = RunbooksCommand::Show { id: "ecs-rolback".into(), json: false };
    let error = answer(&unknown, &room.shelf, &mut Vec::new(), &mut Vec::new()).unwrap_err();
    assert!(error.to_string().contains("did you mean `ecs-rollback`?"), "{error}");
}

#[test]
fn the_schema_is_closed() {
    let (_, out, _) = Room::new().run(&RunbooksCommand::Schema);
    let schema: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!(schema["additionalProperties"], false);
    for field in ["schema", "id", "title", "action"] {
        assert!(schema["required"].as_array().unwrap().contains(&field.into()), "{field}");
    }
    assert!(schema["properties"]["steps"]["items"]["$ref"].is_string());
}
