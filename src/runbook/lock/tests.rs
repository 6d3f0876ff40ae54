//! Locks of one machine.
use jiff::{Timestamp, ToSpan};

use super::*;
use crate::guard::LockState;

const ARN: &str = "arn:aws:ecs:us-east-1:111122223333:service/payments-prod/payment-api";

fn now() -> Timestamp {
    "2026-11-21T03:04:05Z".parse().unwrap()
}

fn claim(run: &str) -> Claim {
    Claim {
        arn: ARN.into(),
        holder: format!("{run}@desk").into(),
        run: run.into(),
        reason: "ecs-rollback".into(),
        until: now() + 20.minutes(),
    }
}

fn locks(folder: &tempfile::TempDir) -> Locks {
    Locks::open(folder.path(), Owner::this(), false)
}

#[test]
fn one_run_has_it_until_it_lets_go() {
    let folder = tempfile::tempdir().unwrap();
    let locks = locks(&folder);
    assert_eq!(locks.state(ARN, "r1", now(), true), LockState::Free);
    locks.take(&claim("r1"), now(), true).unwrap();
    locks.take(&claim("r1"), now(), true).unwrap();
    assert_eq!(locks.state(ARN, "r1", now(), true), LockState::Ours);
    let refused = locks.take(&claim("r2"), now(), true).unwrap_err();
    assert_eq!(refused.to_string(), "r1@desk holds it: ecs-rollback");
    assert!(matches!(locks.state(ARN, "r2", now(), true), LockState::Held { .. }));
    locks.release(ARN, "r2").unwrap();
    assert_eq!(locks.state(ARN, "r1", now(), true), LockState::Ours, "only its holder releases it");
    locks.release(ARN, "r1").unwrap();
    locks.release(ARN, "r1").unwrap();
    locks.take(&claim("r2"), now(), true).unwrap();
    assert_eq!(locks.state("arn:other", "r1", now(), true), LockState::Free);
}

#[test]
fn it_ends_by_itself_where_the_clock_can_be_relied_on() {
    let folder = tempfile::tempdir().unwrap();
    let locks = locks(&folder);
    locks.take(&claim("r1"), now(), true).unwrap();
    let later = now() + 20.minutes();
    assert!(matches!(locks.state(ARN, "r2", later, false), LockState::Held { .. }));
    assert!(locks.take(&claim("r2"), later, false).is_err());
    assert_eq!(locks.state(ARN, "r2", later, true), LockState::Free);
    locks.take(&claim("r2"), later, true).unwrap();
    locks.release(ARN, "r1").unwrap();
    assert_eq!(locks.state(ARN, "r2", later, false), LockState::Ours, "what another run has now stays");
}

#[test]
fn taking_over_tells_whose_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let locks = locks(&folder);
    assert_eq!(locks.take_over(&claim("r1"), now()).unwrap(), None);
    let before = locks.take_over(&claim("r2"), now()).unwrap().unwrap();
    assert_eq!((&*before.holder, &*before.run), ("r1@desk", "r1"));
    assert_eq!(locks.state(ARN, "r2", now(), true), LockState::Ours);
}

#[test]
fn what_cannot_be_read_is_not_free() {
    let folder = tempfile::tempdir().unwrap();
    let locks = locks(&folder);
    locks.take(&claim("r1"), now(), true).unwrap();
    let file = std::fs::read_dir(folder.path().join("locks")).unwrap().map(|entry| entry.unwrap().path());
    let file = file.into_iter().find(|path| path.extension().is_some()).unwrap();
    assert_eq!(file.file_stem().unwrap().len(), 64);
    std::fs::write(&file, "{").unwrap();
    assert!(matches!(locks.state(ARN, "r2", now(), true), LockState::Unreadable(_)));
    assert!(locks.take(&claim("r2"), now(), true).is_err());
    assert_eq!(locks.take_over(&claim("r2"), now()).unwrap(), None);
    assert_eq!(locks.state(ARN, "r2", now(), true), LockState::Ours);
}

#[cfg(unix)]
#[test]
fn locks_are_for_their_owner_only() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    locks(&folder).take(&claim("r1"), now(), true).unwrap();
    let mode = |path: &std::path::Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&folder.path().join("locks")), 0o700);
    for entry in std::fs::read_dir(folder.path().join("locks")).unwrap() {
        assert_eq!(mode(&entry.unwrap().path()), 0o600);
    }
}

#[test]
fn of_many_at_once_exactly_one_gets_it() {
    let folder = tempfile::tempdir().unwrap();
    let won: usize = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..8)
            .map(|index| {
                let locks = locks(&folder);
                scope.spawn(move || usize::from(locks.take(&claim(&format!("r{index}")), now(), true).is_ok()))
            })
            .collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).sum()
    });
    assert_eq!(won, 1);
}

#[test]
fn a_dead_owner_is_told_and_still_in_the_way() {
    let here = Owner { pid: 7, boot: "b".into(), began: Some(1) };
    let of = |boot: &str, began| Owner { pid: 8, boot: boot.into(), began }.life(&here);
    assert_eq!(here.life(&here), Life::Lives);
    assert_eq!((of("", Some(1)), of("b", None), of("c", Some(1))), (Life::Unknown, Life::Unknown, Life::Elsewhere));
    let holding = Holding::new(&claim("r1"), &here, now());
    let LockState::Held { reason, .. } = holding.state("r2", now(), true, Life::Gone) else { panic!("held") };
    assert!(reason.starts_with("ecs-rollback; its process 7 is not running any more"), "{reason}");
    assert_eq!(holding.state("r2", now() + 1.hour(), true, Life::Gone), LockState::Free);
}

#[cfg(target_os = "linux")]
#[test]
fn a_process_that_ended_is_known_to_be_gone() {
    let here = Owner::this();
    assert!(here.began.is_some() && !here.boot.is_empty());
    let mut child = std::process::Command::new("cat").stdin(std::process::Stdio::piped()).spawn().unwrap();
    let stat = std::fs::read_to_string(format!("/proc/{}/stat", child.id())).unwrap();
    let began = stat.rsplit(')').next().unwrap().split_whitespace().nth(19).unwrap().parse().ok();
    let other = Owner { pid: child.id(), boot: here.boot.clone(), began };
    assert_eq!(other.life(&here), Life::Lives);
    assert_eq!(Owner { began: Some(1), ..other.clone() }.life(&here), Life::Gone, "another process of this number");
    drop(child.stdin.take());
    child.wait().unwrap();
    assert_eq!(other.life(&here), Life::Gone);
}

#[test]
fn in_a_drill_only_this_process_counts() {
    let folder = tempfile::tempdir().unwrap();
    let other = Owner { pid: 1, boot: "another".into(), began: Some(1) };
    let theirs = Locks::open(folder.path(), other, true);
    theirs.take(&claim("r1"), now(), true).unwrap();
    let ours = Locks::open(folder.path(), Owner::this(), true);
    assert_eq!(ours.state(ARN, "r2", now(), true), LockState::Free);
    ours.take(&claim("r2"), now(), true).unwrap();
    assert!(matches!(ours.state(ARN, "r3", now(), true), LockState::Held { .. }));
    assert_eq!(locks(&folder).state(ARN, "r2", now(), true), LockState::Free, "and never for what is real");
}
