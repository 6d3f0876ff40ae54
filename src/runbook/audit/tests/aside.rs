//! A broken log is set aside with everything in it, and what was open goes on in the new one.

use std::fs;

use crate::model::{Entry, Sent};
use crate::runbook::audit::testing::{armed, at, author, fault, intent, log_with, outcome, owed, read_all};
use crate::runbook::audit::{AuditError, Files, Ledger, obligations, set_aside, unresolved, verify};

#[test]
fn what_is_whole_stays_and_what_is_not_there_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let files = Files::new(folder.path(), Ledger::Real);
    assert!(matches!(set_aside(&files, &author(), &"x".into(), at()), Err(AuditError::None(_))));
    let log = log_with(folder.path(), 3);
    assert_eq!(set_aside(log.files(), &author(), &"x".into(), at()).unwrap(), None);
    assert_eq!(read_all(&log).len(), 3);
}

#[test]
fn everything_open_goes_on_in_a_log_that_is_whole() {
    let folder = tempfile::tempdir().unwrap();
    let log = log_with(folder.path(), 1).rotating_at(1000);
    for entry in [intent("r1"), outcome("r1", Sent::Unknown { fault: fault() }), intent("r2"), owed("r3", None)] {
        log.append(entry, &author(), at()).unwrap();
    }
    let before = read_all(&log);
    assert!(log.files().all().unwrap().len() > 1, "in several files");
    let first = &log.files().all().unwrap()[0];
    let text = fs::read_to_string(first).unwrap();
    fs::write(first, text.replacen("payments/prod", "payments/prud", 1)).unwrap();
    let says = verify(log.files()).unwrap().broken().unwrap();

    let files: Vec<_> = log.files().all().unwrap().into_iter().chain([log.files().head()]).collect();
    let content: Vec<_> = files.iter().map(|path| fs::read(path).unwrap()).collect();
    let done = set_aside(log.files(), &author(), &"the disk was restored".into(), at()).unwrap().unwrap();
    assert_eq!((&done.says, done.unresolved, done.owed), (&says, 2, 1));
    let kept: Vec<_> =
        files.iter().map(|path| fs::read(done.folder.join(path.file_name().unwrap())).unwrap()).collect();
    assert_eq!(kept, content, "every file is kept as it was");

    assert!(verify(log.files()).unwrap().is_whole());
    let now = read_all(&log);
    assert!(matches!(&now[0].entry, Entry::SetAside { reason, .. } if reason == "the disk was restored"));
    assert_eq!(unresolved(&now), unresolved(&before[1..]));
    assert_eq!(obligations(&now), obligations(&before));
    log.append(armed(), &author(), at()).unwrap();
    assert!(verify(log.files()).unwrap().is_whole());
    // Broken in the same second again: nothing of what was set aside is overwritten.
    fs::write(log.files().head(), "{}").unwrap();
    assert!(matches!(set_aside(log.files(), &author(), &"x".into(), at()), Err(AuditError::Disk { .. })));
    let kept: Vec<_> =
        files.iter().map(|path| fs::read(done.folder.join(path.file_name().unwrap())).unwrap()).collect();
    assert_eq!(kept, content);
}
