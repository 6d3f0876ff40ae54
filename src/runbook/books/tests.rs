//! The library: every built-in runbook is whole, and a broken file of the user's costs only itself.
use super::*;
use crate::actions;
use crate::config::runbook::{Do, Predicate};
use crate::model::Risk;
use crate::runbook::course::policy;

#[test]
fn every_embedded_runbook_is_whole() {
    let library = Library::embedded();
    let problems: Vec<String> = library.problems().iter().map(ToString::to_string).collect();
    assert_eq!(problems, [] as [&str; 0]);
    assert_eq!(library.books().len(), crate::config::runbooks().len());
    for book in library.books() {
        assert_eq!(book.file.as_str(), format!("config/runbooks/{}.toml", book.runbook.id));
        assert_eq!(book.trust, Trust::BuiltIn);
    }
    for action in actions::ALL {
        let uses = |book: &&Book| book.runbook.action == action.id() && book.runbook.mutates();
        assert!(library.books().iter().any(|book| uses(&book)), "no runbook uses {}", action.id());
    }
}

#[test]
fn what_is_read_before_a_send_is_what_the_guards_hold_it_to() {
    let library = Library::embedded();
    let scale = policy(library.get("ecs-scale").unwrap());
    assert_eq!((scale.floor, scale.healthy_percent, scale.step, scale.targets), (1, Some(60), Some(20), 1));
    let down = policy(library.get("analytics-scale-down").unwrap());
    assert_eq!((down.floor, down.healthy_percent, down.step), (1, Some(30), Some(5)));
    let failover = policy(library.get("aurora-failover").unwrap());
    assert_eq!((failover.runbook.as_str(), failover.risk, failover.others), ("aurora-failover", Risk::Critical, 0));
}

#[test]
fn the_runbook_that_only_looks_sends_nothing() {
    let library = Library::embedded();
    let looks = library.get("uex-tasks-not-starting").unwrap();
    assert!(!looks.mutates() && looks.steps.iter().all(|step| matches!(step.does, Do::Confirm(_) | Do::Until(_))));
    let canary = library.get("lambda-canary-rollback").unwrap();
    let sends = canary.steps.iter().filter(|step| matches!(step.does, Do::Send { .. })).count();
    assert_eq!(sends, 2);
}

#[test]
fn runbooks_that_apply_come_first_and_the_others_say_why_not() {
    let library = Library::embedded();
    let fits = library.for_target(TargetKind::EcsService, "analytics-api", Tier::Production);
    assert_eq!(fits.len(), library.books().len());
    let applies: Vec<&str> =
        fits.iter().filter(|fit| fit.why_not.is_none()).map(|fit| fit.book.runbook.id.as_str()).collect();
    assert!(applies.contains(&"analytics-scale-up") && applies.contains(&"ecs-rollback"), "{applies:?}");
    assert!(fits[..applies.len()].iter().all(|fit| fit.why_not.is_none()));
    let why = |id: &str| fits.iter().find(|fit| fit.book.runbook.id == id).unwrap().why_not.clone().unwrap();
    assert_eq!(why("wallet-replace-tasks").as_str(), "is for names like wallet-*, not analytics-api");
    assert_eq!(why("alarm-mute").as_str(), "is for an alarm, this is an ecs-service");
}

const MINE: &str = r#"schema = 1
id = "mine"
title = "Mine"
action = "ecs.redeploy"
require = [{ that = "!deployment_in_progress", else_offer = "ecs-stop-deployment" }]
steps = [{ id = "apply", send = "force_new_deployment" }]
verify = [{ that = "running == desired" }]
"#;

fn shelf() -> (tempfile::TempDir, Shelf) {
    let root = tempfile::tempdir().unwrap();
    let folder = root.path().join("runbooks");
    std::fs::create_dir(&folder).unwrap();
    open(&folder, 0o700);
    let shelf = Shelf { folder: Some(folder), trusted: Some(root.path().join("state/trusted-runbooks.json")) };
    (root, shelf)
}

#[cfg(unix)]
fn open(path: &Path, mode: u32) {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
}

fn put(shelf: &Shelf, name: &str, text: &str) -> PathBuf {
    let path = shelf.folder.as_ref().unwrap().join(name);
    std::fs::write(&path, text).unwrap();
    open(&path, 0o600);
    path
}

/// The problems without the folder.
fn said(library: &Library, shelf: &Shelf) -> Vec<String> {
    let folder = format!("{}/", shelf.folder.as_ref().unwrap().display());
    library.problems().iter().map(|problem| problem.to_string().replace(&folder, "")).collect()
}

#[test]
fn a_broken_file_costs_only_itself() {
    let (_root, shelf) = shelf();
    put(&shelf, "a-good.toml", MINE);
    put(&shelf, "b-field.toml", &MINE.replace("\"mine\"", "\"b\"").replace("title", "titel"));
    put(&shelf, "c-predicate.toml", &MINE.replace("\"mine\"", "\"c\"").replace("!deploy", "not deploy"));
    let unbounded = MINE
        .replace("\"mine\"", "\"d\"")
        .replace("ecs.redeploy", "lambda.concurrency")
        .replace("require = [{ that = \"!deployment_in_progress\", else_offer = \"ecs-stop-deployment\" }]\n", "")
        .replace("force_new_deployment", "reserved")
        .replace("running == desired", "now.reserved == reserved")
        .replace("steps", "params.reserved = { type = \"count\", min = 1 }\nsteps");
    put(&shelf, "d-unbounded.toml", &unbounded);
    put(&shelf, "e-twice.toml", MINE);
    put(&shelf, "f-ours.toml", &MINE.replace("\"mine\"", "\"ecs-scale\""));
    put(
        &shelf,
        "g-template.toml",
        &MINE
            .replace("\"mine\"", "\"g\"")
            .replace("apply\", send = \"force_new_deployment", "ask\", confirm = \"{{nobody}}"),
    );
    put(&shelf, "h-round.toml", &MINE.replace("\"mine\"", "\"h\"").replace("ecs-stop-deployment", "i"));
    put(&shelf, "i-round.toml", &MINE.replace("\"mine\"", "\"i\"").replace("ecs-stop-deployment", "h"));
    put(&shelf, "j-offers-broken.toml", &MINE.replace("\"mine\"", "\"j\"").replace("ecs-stop-deployment", "c"));
    put(&shelf, "k-no-id.toml", &MINE.replace("\"mine\"", "\"k\"").replace("{ id = \"apply\", ", "{ "));
    let late = ", send = \"force_new_deployment\", timeout = \"2h\"";
    put(&shelf, "l-late.toml", &MINE.replace("\"mine\"", "\"l\"").replace(", send = \"force_new_deployment\"", late));
    open(&put(&shelf, "m-open.toml", &MINE.replace("\"mine\"", "\"m\"")), 0o664);
    put(&shelf, "n-words.toml", "rm -rf /");
    put(&shelf, ".hidden.toml", "nothing");
    put(&shelf, "notes.txt", "nothing");
    let library = Library::load(&shelf);
    let own: Vec<&str> = library
        .books()
        .iter()
        .filter(|book| book.trust != Trust::BuiltIn)
        .map(|book| book.runbook.id.as_str())
        .collect();
    assert_eq!(own, ["mine", "j"]);
    assert_eq!(library.books().len(), crate::config::runbooks().len() + 2);
    let said = said(&library, &shelf);
    let starts = [
        "m-open.toml: error: not used: this file can be written by its group; help: chmod go-w m-open.toml",
        "b-field.toml:3:1: error: unknown field `titel`; help: did you mean `title`?",
        "c-predicate.toml:5:22: error: not a condition: unexpected `not`; help: write `!`",
        "d-unbounded.toml:5:19: error: `params.reserved` is unbounded: it has no `max`",
        "e-twice.toml:2:6: error: `mine` is the id of a-good.toml already; help: give it another `id`",
        "f-ours.toml:2:6: error: `ecs-scale` is the id of config/runbooks/ecs-scale.toml already",
        "g-template.toml:6:37: error: there is no `nobody` here",
        "h-round.toml:5:61: error: offers lead round in a circle: h → i → h",
        "i-round.toml:5:61: error: offers lead round in a circle: i → h → i",
        "j-offers-broken.toml:5:61: warning: `c` cannot be used, so it is not offered",
        "k-no-id.toml:6:10: error: this step has no `id`",
        "l-late.toml:6:67: error: `timeout` is 2h, and the deadline of the whole run is 30m",
        "n-words.toml:1:",
    ];
    assert_eq!(said.len(), starts.len(), "{said:#?}");
    for (said, start) in said.iter().zip(starts) {
        assert!(said.starts_with(start), "{said}\n{start}");
    }
}

#[test]
fn a_file_is_new_then_trusted_then_changed() {
    let (_root, shelf) = shelf();
    let trust = |library: &Library| library.book("mine").map(|book| book.trust.clone());
    put(&shelf, "mine.toml", MINE);
    let library = Library::load(&shelf);
    assert_eq!(trust(&library), Some(Trust::New));
    let path = shelf.trusted.as_ref().unwrap();
    let mut trusted = TrustFile::read(path).0;
    trusted.trust("mine", &library.book("mine").unwrap().hash);
    trusted.write(path).unwrap();
    assert_eq!(trust(&Library::load(&shelf)), Some(Trust::Trusted));
    put(&shelf, "mine.toml", &format!("{MINE}\n# one byte more"));
    assert_eq!(trust(&Library::load(&shelf)), Some(Trust::Changed));
    open(shelf.folder.as_ref().unwrap(), 0o777);
    let library = Library::load(&shelf);
    assert_eq!(trust(&library), None);
    assert!(said(&library, &shelf)[0].contains("its folder can be written by every user of this machine"));
}

#[test]
fn a_folder_that_is_not_there_is_no_problem() {
    let shelf = Shelf { folder: Some("/nowhere/runbooks".into()), trusted: Some("/nowhere/trusted.json".into()) };
    assert_eq!(Library::load(&shelf), Library::embedded());
}

#[test]
fn no_condition_of_a_built_in_runbook_is_true_of_nothing() {
    for book in Library::embedded().books() {
        let conditions = book.runbook.require.iter().map(|requirement| &requirement.that);
        let untils = book.runbook.steps.iter().filter_map(|step| match &step.does {
            Do::Until(that) => Some(that),
            _ => None,
        });
        for that in conditions.chain(untils) {
            assert!(!that.judge(&Default::default()).holds(), "{}: {that}", book.runbook.id);
            assert_eq!(that.to_string().parse::<Predicate>().as_ref(), Ok(that));
        }
    }
}
