//! Several consoles that write to one log at the same time.

use std::process::{Child, Command, Stdio};

use crate::runbook::audit::testing::{armed, at, author, intent, log_with, read_all};
use crate::runbook::audit::{Author, verify};

const FOLDER: &str = "WATCHFLOOR_TEST_AUDIT_FOLDER";

/// Not a test by itself: another process of the tests below runs it with a folder.
#[test]
fn a_console_that_appends() {
    let Ok(folder) = std::env::var(FOLDER) else { return };
    let log = log_with(folder.as_ref(), 0).rotating_at(200_000);
    let author = Author { console: std::process::id().to_string().into(), ..author() };
    for index in 0..200 {
        log.append(if index % 2 == 0 { armed() } else { intent("r") }, &author, at()).unwrap();
    }
}

fn console(folder: &std::path::Path) -> Child {
    let name = "runbook::audit::tests::together::a_console_that_appends";
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", name, "--test-threads", "1"])
        .env(FOLDER, folder)
        .stdout(Stdio::null())
        .spawn()
        .unwrap()
}

#[test]
fn two_processes_keep_one_whole_chain() {
    let folder = tempfile::tempdir().unwrap();
    let mut consoles = [console(folder.path()), console(folder.path())];
    assert!(consoles.iter_mut().all(|console| console.wait().unwrap().success()));
    let log = log_with(folder.path(), 0);
    let report = verify(log.files()).unwrap();
    assert!(report.is_whole() && report.notices.is_empty(), "{report:?}");
    let all = read_all(&log);
    let full = log.files().numbers().unwrap().len();
    assert_eq!(all.len(), 400 + full);
    assert!(all.iter().map(|record| record.seq).eq(1..=all.len() as u64));
    let writers: std::collections::BTreeSet<_> = all.iter().map(|record| &record.console).collect();
    assert_eq!(writers.len(), 2);
}

#[test]
fn threads_keep_one_whole_chain_and_none_waits_that_must_not() {
    let folder = tempfile::tempdir().unwrap();
    let log = log_with(folder.path(), 0);
    let busy = std::thread::scope(|scope| {
        let one = scope.spawn(|| (0..200).for_each(|_| drop(log.append(armed(), &author(), at()).unwrap())));
        let mut busy = 0;
        for _ in 0..200 {
            while log.try_append(armed(), &author(), at()).is_err() {
                busy += 1;
            }
        }
        one.join().unwrap();
        busy
    });
    assert_eq!(read_all(&log).len(), 400, "{busy} times busy");
    assert!(verify(log.files()).unwrap().is_whole());
}

#[cfg(unix)]
#[test]
fn a_console_that_is_killed_while_it_writes_breaks_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let log = log_with(folder.path(), 1);
    for _ in 0..5 {
        let mut victim = console(folder.path());
        let before = read_all(&log).len();
        // Until it writes.
        while read_all(&log).len() <= before && victim.try_wait().unwrap().is_none() {
            std::thread::yield_now();
        }
        victim.kill().unwrap();
        victim.wait().unwrap();
        let report = verify(log.files()).unwrap();
        assert!(report.is_whole(), "{report:?}");
        log.append(armed(), &author(), at()).unwrap();
    }
    assert!(verify(log.files()).unwrap().is_whole());
}

/// A full disk, played by the limit of how large a file may become.
#[cfg(unix)]
#[test]
fn a_full_disk_is_an_error_and_leaves_nothing_half_written() {
    let folder = tempfile::tempdir().unwrap();
    let name = "runbook::audit::tests::together::a_console_that_appends";
    let exe = std::env::current_exe().unwrap();
    // In blocks of 512 or 1024 bytes, as the shell has it: at most 20 kB.
    let script = format!("trap '' XFSZ; ulimit -f 20; exec {} --exact {name} --nocapture", exe.display());
    let output = Command::new("sh").args(["-c", &script]).env(FOLDER, folder.path()).output().unwrap();
    let says = String::from_utf8_lossy(&output.stderr).into_owned() + &String::from_utf8_lossy(&output.stdout);
    assert!(!output.status.success() && says.contains("the file may not grow any more"), "{says}");
    let log = log_with(folder.path(), 0);
    let written = std::fs::read(log.files().current()).unwrap();
    assert_eq!(written.last(), Some(&b'\n'), "nothing half-written");
    let report = verify(log.files()).unwrap();
    assert!(report.is_whole() && report.notices.is_empty() && report.records > 1, "{report:?}");
    log.append(armed(), &author(), at()).unwrap();
    assert!(verify(log.files()).unwrap().is_whole());
}
