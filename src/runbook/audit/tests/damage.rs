//! Damage: what a killed console leaves behind is kept and told, what somebody did to the log is found.

use std::fs;
use std::path::Path;

use proptest::prelude::*;
use proptest::sample::Index;

use crate::model::Entry;
use crate::runbook::audit::testing::{armed, at, author, log_with, read_all};
use crate::runbook::audit::{Log, verify};

#[test]
fn a_torn_last_line_is_kept_and_told_and_the_log_goes_on() {
    for torn in ["{\"seq\":4,\"at\":\"2026", "{\"seq\":4}\n", "\u{0}\u{0}\u{0}"] {
        let folder = tempfile::tempdir().unwrap();
        let log = log_with(folder.path(), 3);
        append_raw(&log.files().current(), torn.as_bytes());
        let report = verify(log.files()).unwrap();
        assert!(report.is_whole(), "{report:?}");
        assert!(report.notices[0].says.contains("torn") && report.notices[0].line == Some(4), "{report:?}");
        assert_eq!(log.append(armed(), &author(), at()).unwrap().seq, 5);
        log.append(armed(), &author(), at()).unwrap();
        let report = verify(log.files()).unwrap();
        assert!(report.is_whole() && report.notices.len() == 1, "{report:?}");
        let all = read_all(&log);
        assert!(matches!(all[3].entry, Entry::Torn { .. }), "{:?}", all[3]);
        let text = fs::read(log.files().current()).unwrap();
        assert!(text.windows(torn.len()).any(|part| part == torn.as_bytes()), "nothing was dropped");
        // What was kept is part of what is proven.
        let at = text.windows(torn.len()).position(|part| part == torn.as_bytes()).unwrap();
        let mut changed = text.clone();
        changed[at] ^= 1;
        fs::write(log.files().current(), changed).unwrap();
        assert!(!verify(log.files()).unwrap().is_whole());
    }
}

#[test]
fn a_first_line_can_be_torn_too() {
    let folder = tempfile::tempdir().unwrap();
    let log = log_with(folder.path(), 1);
    fs::write(
        log.files().head(),
        r#"{"seq":0,"hash":"0000000000000000000000000000000000000000000000000000000000000000"}"#,
    )
    .unwrap();
    let line = fs::read(log.files().current()).unwrap();
    fs::write(log.files().current(), &line[..30]).unwrap();
    assert_eq!(log.append(armed(), &author(), at()).unwrap().seq, 2);
    assert!(verify(log.files()).unwrap().is_whole());
}

#[test]
fn a_head_that_lags_behind_is_no_damage() {
    let folder = tempfile::tempdir().unwrap();
    let log = log_with(folder.path(), 2);
    let head = fs::read(log.files().head()).unwrap();
    log.append(armed(), &author(), at()).unwrap();
    fs::write(log.files().head(), head).unwrap();
    assert!(verify(log.files()).unwrap().is_whole(), "killed between the line and the head");
    log.append(armed(), &author(), at()).unwrap();
    assert!(verify(log.files()).unwrap().is_whole());
}

#[test]
fn what_was_cut_off_stays_missing_when_the_log_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let log = log_with(folder.path(), 5);
    cut_lines(&log, 2);
    let says = verify(log.files()).unwrap().broken().unwrap();
    assert!(says.contains("the end is missing: 5 records were written, 3 is the last"), "{says}");
    let record = log.append(armed(), &author(), at()).unwrap();
    assert_eq!(record.seq, 7, "after the five that were written, and a record that says so");
    assert!(!verify(log.files()).unwrap().is_whole());
    log.append(armed(), &author(), at()).unwrap();
    assert!(!verify(log.files()).unwrap().is_whole());
}

#[test]
fn taking_the_head_away_is_found_and_stays_found() {
    let folder = tempfile::tempdir().unwrap();
    let log = log_with(folder.path(), 5);
    cut_lines(&log, 1);
    fs::remove_file(log.files().head()).unwrap();
    assert!(!verify(log.files()).unwrap().is_whole());
    log.append(armed(), &author(), at()).unwrap();
    assert!(!verify(log.files()).unwrap().is_whole());
    fs::remove_file(log.files().current()).unwrap();
    assert!(verify(log.files()).unwrap().broken().unwrap().contains("the end is missing"));
}

#[test]
fn each_kind_of_damage_is_called_by_its_name() {
    let line = |text: &str, number: usize| text.lines().nth(number).unwrap().to_owned() + "\n";
    type Damage = fn(&str, &dyn Fn(&str, usize) -> String) -> String;
    let cases: [(&str, Damage); 4] = [
        ("line 3: record 3 was changed", |text, _| {
            text.replacen("\"seq\":3,\"at\":\"2026", "\"seq\":3,\"at\":\"2025", 1)
        }),
        ("line 2: record 2 missing before record 3", |text, line| text.replace(&line(text, 1), "")),
        ("line 4: record 2 stands after record 4", |text, line| {
            let (second, rest) = (line(text, 1), text.replace(&line(text, 1), ""));
            rest.replacen(&line(&rest, 2), &format!("{}{second}", line(&rest, 2)), 1)
        }),
        ("the end is missing: 6 records were written, 5 is the last", |text, line| text.replace(&line(text, 5), "")),
    ];
    for (expected, damage) in cases {
        let folder = tempfile::tempdir().unwrap();
        let log = log_with(folder.path(), 6);
        let text = fs::read_to_string(log.files().current()).unwrap();
        fs::write(log.files().current(), damage(&text, &line)).unwrap();
        let report = verify(log.files()).unwrap();
        let says: Vec<String> =
            report.problems.iter().map(|one| format!("line {}: {}", one.line.unwrap_or(0), one.says)).collect();
        assert!(says.iter().any(|one| one.contains(expected)), "{expected}: {says:?}");
    }
}

/// A log that the cases damage, made once: its bytes and its head's.
fn original() -> &'static (Vec<u8>, Vec<u8>) {
    static ORIGINAL: std::sync::OnceLock<(Vec<u8>, Vec<u8>)> = std::sync::OnceLock::new();
    ORIGINAL.get_or_init(|| {
        let folder = tempfile::tempdir().unwrap();
        let log = log_with(folder.path(), 4);
        append_raw(&log.files().current(), b"{\"seq\":5,");
        for _ in 0..4 {
            log.append(armed(), &author(), at()).unwrap();
        }
        assert!(verify(log.files()).unwrap().is_whole());
        (fs::read(log.files().current()).unwrap(), fs::read(log.files().head()).unwrap())
    })
}

/// Whether the log is whole with these bytes.
fn is_whole(log: &[u8], head: &[u8]) -> bool {
    let folder = tempfile::tempdir().unwrap();
    let files = log_with(folder.path(), 0).files().clone();
    crate::config::paths::write_private(&files.current(), log).unwrap();
    crate::config::paths::write_private(&files.head(), head).unwrap();
    verify(&files).is_ok_and(|report| report.is_whole())
}

fn lines(bytes: &[u8]) -> Vec<Vec<u8>> {
    bytes.split_inclusive(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn a_changed_byte_is_found(place in any::<Index>(), flip in 1_u8..) {
        let (log, head) = original();
        let mut changed = log.clone();
        changed[place.index(log.len())] ^= flip;
        prop_assert!(!is_whole(&changed, head));
    }

    #[test]
    fn a_changed_head_is_found(place in any::<Index>(), flip in 1_u8..) {
        let (log, head) = original();
        let mut changed = head.clone();
        changed[place.index(head.len())] ^= flip;
        prop_assert!(!is_whole(log, &changed));
    }

    #[test]
    fn a_missing_line_is_found(place in any::<Index>()) {
        let (log, head) = original();
        let mut rest = lines(log);
        rest.remove(place.index(rest.len()));
        prop_assert!(!is_whole(&rest.concat(), head));
    }

    #[test]
    fn lines_in_another_order_are_found(one in any::<Index>(), other in any::<Index>()) {
        let (log, head) = original();
        let mut all = lines(log);
        let (one, other) = (one.index(all.len()), other.index(all.len()));
        prop_assume!(all[one] != all[other]);
        all.swap(one, other);
        prop_assert!(!is_whole(&all.concat(), head));
    }

    #[test]
    fn a_cut_tail_is_found(at in any::<Index>()) {
        let (log, head) = original();
        prop_assert!(!is_whole(&log[..at.index(log.len())], head));
    }

    #[test]
    fn a_line_twice_is_found(at in any::<Index>(), to in any::<Index>()) {
        let (log, head) = original();
        let mut all = lines(log);
        let copy = all[at.index(all.len())].clone();
        // At the end, what is no record looks like what a killed console leaves behind.
        all.insert(to.index(all.len()), copy);
        prop_assert!(!is_whole(&all.concat(), head));
    }
}

fn append_raw(path: &Path, bytes: &[u8]) {
    use std::io::Write;
    fs::OpenOptions::new().append(true).open(path).unwrap().write_all(bytes).unwrap();
}

fn cut_lines(log: &Log, count: usize) {
    let all = lines(&fs::read(log.files().current()).unwrap());
    fs::write(log.files().current(), all[..all.len() - count].concat()).unwrap();
}
