//! Writing: one line each, private, redacted, in files of a bounded size.

use std::fs;

use crate::model::Entry;
use crate::runbook::audit::testing::{armed, at, author, every_kind, intent, log_with, read_all};
use crate::runbook::audit::{AuditError, Backlog, Files, Ledger, Log, Reader, verify};

#[test]
fn every_kind_of_record_is_read_back_and_the_chain_is_whole() {
    let folder = tempfile::tempdir().unwrap();
    let log = log_with(folder.path(), 0);
    assert_eq!(verify(log.files()), Err(AuditError::None(folder.path().to_owned())), "no log is not a whole one");
    let written: Vec<_> = every_kind()
        .into_iter()
        .filter(|entry| !matches!(entry, Entry::Rotated { .. } | Entry::Torn { .. } | Entry::Irregular { .. }))
        .map(|entry| log.append(entry, &author(), at()).unwrap())
        .collect();
    assert_eq!(read_all(&log), written);
    let report = verify(log.files()).unwrap();
    assert!(report.is_whole() && report.notices.is_empty(), "{report:?}");
    assert_eq!((report.records, report.first), (written.len() as u64, Some(at())));
    let text = fs::read_to_string(log.files().current()).unwrap();
    assert_eq!(text.lines().count(), written.len());
}

#[test]
fn drills_are_never_mixed_with_what_is_real() {
    let folder = tempfile::tempdir().unwrap();
    let real = log_with(folder.path(), 2);
    let drill = Log::open(Files::new(folder.path(), Ledger::Drill)).rotating_at(1);
    let records: Vec<_> = (0..3).map(|_| drill.append(armed(), &author(), at()).unwrap()).collect();
    assert!(records.iter().all(|record| record.drill) && read_all(&real).iter().all(|record| !record.drill));
    assert_eq!(real.files().numbers().unwrap(), Vec::<u32>::new());
    assert!(verify(drill.files()).unwrap().is_whole() && verify(real.files()).unwrap().is_whole());
    assert_eq!(records[0].seq, 1);
}

#[cfg(unix)]
#[test]
fn only_the_owner_can_read_and_anything_else_is_found() {
    use std::os::unix::fs::{PermissionsExt, chown};
    let folder = tempfile::tempdir().unwrap();
    let state = folder.path().join("state/watchfloor");
    let log = log_with(&state, 2);
    let mode = |path: &std::path::Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let files = log.files();
    assert_eq!(mode(&state), 0o700);
    for path in [files.current(), files.head(), files.lock()] {
        assert_eq!(mode(&path), 0o600, "{}", path.display());
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        let says = verify(files).unwrap().broken().unwrap();
        assert!(says.contains("mode 0640") && says.contains("chmod 600"), "{says}");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
    }
    assert!(verify(files).unwrap().is_whole());
    // Only who may give files away can test this.
    if chown(files.current(), Some(12_345), None).is_ok() {
        assert!(verify(files).unwrap().broken().unwrap().contains("belongs to user 12345"));
    }
}

#[test]
fn a_link_in_its_place_is_not_written_to() {
    let folder = tempfile::tempdir().unwrap();
    let elsewhere = folder.path().join("elsewhere");
    fs::write(&elsewhere, b"").unwrap();
    let log = log_with(folder.path(), 0);
    #[cfg(unix)]
    std::os::unix::fs::symlink(&elsewhere, log.files().current()).unwrap();
    let error = log.append(armed(), &author(), at()).unwrap_err();
    assert!(error.to_string().contains("not an ordinary file"), "{error}");
    assert_eq!(fs::read(&elsewhere).unwrap(), b"");
}

#[test]
fn secrets_and_control_characters_do_not_reach_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let log = log_with(folder.path(), 0);
    let Entry::Intent { run, runbook, step, mut plan, digest, overridden, approved_by, .. } = intent("r1") else {
        panic!("an intent")
    };
    let (key, secret) = ("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY");
    let arn = "arn:aws:ecs:us-east-1:111122223333:service/Abcdefghijklmnopqrst/Uvwxyz0123456789Ab";
    plan.target.arn = arn.into();
    plan.params.insert("note".to_owned(), format!("key:{key}").into());
    plan.params.insert("other".to_owned(), secret.into());
    let reason = format!("with {secret} and {key}\u{1b}[2J\u{202e}\u{200b}\r\n{{\"seq\":9}}").into();
    let entry = Entry::Intent { run, runbook, step, plan, digest, overridden, reason, approved_by };
    let record = log.append(entry, &author(), at()).unwrap();
    let bytes = fs::read(log.files().current()).unwrap();
    let text = String::from_utf8(bytes).unwrap();
    assert!(!text.contains(key) && !text.contains(secret), "{text}");
    assert!(text.contains(arn), "a name that is as long as a secret stays what it is");
    assert_eq!(text.chars().filter(|c| c.is_control()).collect::<String>(), "\n", "one line, nothing else");
    assert!(!text.contains(['\u{202e}', '\u{200b}']) && !text.contains("\\u001b"));
    assert_eq!(read_all(&log), [record]);
}

#[test]
fn a_full_file_is_followed_by_a_new_one_and_all_are_verified() {
    let folder = tempfile::tempdir().unwrap();
    let log = log_with(folder.path(), 0).rotating_at(4_000);
    let mut reader = Reader::open(log.files().clone());
    let mut followed = Vec::new();
    let mut seqs = Vec::new();
    for index in 0..40 {
        seqs.push(log.append(intent(&format!("r{index}")), &author(), at()).unwrap().seq);
        reader.read(|record| followed.push(record.clone())).unwrap();
    }
    let numbers = log.files().numbers().unwrap();
    assert!(numbers.len() > 3 && numbers.iter().copied().eq(1..=numbers.len() as u32), "{numbers:?}");
    let all = read_all(&log);
    assert_eq!(followed, all, "read as it came");
    assert_eq!(all.len(), 40 + numbers.len());
    assert!(all.iter().map(|record| record.seq).eq(1..=all.len() as u64));
    let report = verify(log.files()).unwrap();
    assert!(report.is_whole(), "{report:?}");
    assert_eq!(report.files, numbers.len() + 1);
    let second = fs::read_to_string(log.files().full(2)).unwrap();
    assert!(second.lines().next().unwrap().contains("\"kind\":\"rotated\",\"from\":\"audit-000001.jsonl\""));
    // Killed between the renaming and the first record of the new file.
    fs::rename(log.files().current(), log.files().full(numbers.len() as u32 + 1)).unwrap();
    assert!(verify(log.files()).unwrap().is_whole());
    log.append(armed(), &author(), at()).unwrap();
    assert!(verify(log.files()).unwrap().is_whole());
    // A file in the middle, or the first one, that somebody took away.
    for gone in [3, 1] {
        let away = folder.path().join("away");
        fs::rename(log.files().full(gone), &away).unwrap();
        assert!(!verify(log.files()).unwrap().is_whole(), "{gone}");
        fs::rename(&away, log.files().full(gone)).unwrap();
    }
}

#[test]
fn what_cannot_be_written_waits_in_its_order_and_an_intent_does_not() {
    let folder = tempfile::tempdir().unwrap();
    let log = log_with(folder.path(), 1);
    let mut backlog = Backlog::default();
    // A folder where the file should be: nothing can be written, not even by root.
    let aside = folder.path().join("aside");
    fs::rename(log.files().current(), &aside).unwrap();
    fs::create_dir(log.files().current()).unwrap();
    for run in ["r1", "r2"] {
        assert!(backlog.keep(&log, intent(run), &author(), at()).is_err());
    }
    let error = backlog.must(&log, intent("r3"), &author(), at()).unwrap_err();
    assert!(error.to_string().starts_with("cannot write "), "{error}");
    assert_eq!((backlog.len(), backlog.why()), (2, Some(&error)));
    fs::remove_dir(log.files().current()).unwrap();
    fs::rename(&aside, log.files().current()).unwrap();
    assert!(backlog.retry(&log).is_ok());
    assert!(backlog.is_empty() && backlog.why().is_none());
    let runs: Vec<_> = read_all(&log).iter().filter_map(|record| record.entry.run().cloned()).collect();
    assert_eq!(runs, ["r1", "r2"]);
    assert!(verify(log.files()).unwrap().is_whole());
}
