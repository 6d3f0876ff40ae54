use super::*;
use crate::app::Freshness;
use crate::app::screens::Sort;

fn names(app: &App) -> Vec<(usize, String)> {
    let name = |row: &crate::app::screens::AlarmRow| row.resource().unwrap().name.to_string();
    app.derived.alarms.iter().map(|row| (row.environment, name(row))).collect()
}

#[test]
fn alarms_of_all_environments_stand_in_one_list_worst_first() {
    let mut app = live();
    press(&mut app, &["L"]);
    let rows = names(&app);
    assert_eq!(rows.len(), 8, "of all systems");
    assert_eq!(rows[0], (1, "processing".into()));
    assert_eq!(rows[1], (0, "processing".into()), "then by name and environment");
    press(&mut app, &["z"]);
    assert_eq!(names(&app), [(1, "processing".into())]);
}

#[test]
fn the_newest_of_equally_bad_alarms_comes_first() {
    let mut app = live();
    let since = |name: &str, second| Resource { since: Some(at(second)), ..resource(name, Severity::Critical) };
    let unknown = resource("c", Severity::Critical);
    let alarms = reading(vec![since("a", -900), since("b", -60), unknown]);
    update(&mut app, report(2, ALARMS, Ok(alarms), 1));
    press(&mut app, &["L"]);
    assert_eq!(names(&app)[..3], [(2, "b".into()), (2, "a".into()), (2, "c".into())]);
    press(&mut app, &["s"]);
    assert_eq!((app.alarms.sort, names(&app)[0].1.as_str()), (Sort::Name, "a"));
    press(&mut app, &["s"]);
    assert_eq!((app.alarms.sort, names(&app)[0].1.as_str()), (Sort::Since, "b"));
}

#[test]
fn the_selected_alarm_is_followed_and_the_top_stays_on_top() {
    let mut app = live();
    press(&mut app, &["L", "j"]);
    let before = selected(&app).0;
    let worse = reading(vec![resource("new", Severity::Critical), resource("processing", Severity::Ok)]);
    update(&mut app, report(4, ALARMS, Ok(worse.clone()), 1));
    app.settle();
    assert_eq!((selected(&app).0, app.alarms.rows.selected()), (before, 2));
    press(&mut app, &["g"]);
    update(&mut app, report(0, ALARMS, Ok(reading(vec![resource("a", Severity::Critical)])), 2));
    app.settle();
    assert_eq!((app.alarms.rows.selected(), selected(&app).0), (0, "payments/dev".into()));
}

#[test]
fn the_matrix_matches_by_logical_name_and_keeps_namesakes() {
    let mut app = live();
    let twins = vec![
        Resource { logical_name: "processing".into(), ..resource("processing-1", Severity::Ok) },
        Resource { logical_name: "processing".into(), ..resource("processing-2", Severity::Critical) },
        Resource { logical_name: "processing".into(), ..resource("processing-3", Severity::Warning) },
        resource("extra", Severity::Ok),
    ];
    update(&mut app, report(0, LAMBDA, Ok(reading(twins)), 1));
    press(&mut app, &["enter"]);
    let matrix = &app.derived.matrix;
    let rows: Vec<&str> = matrix.rows.iter().map(|row| row.logical_name.as_str()).collect();
    assert_eq!(rows, ["processing", "extra", "validation"]);
    let cell = matrix.rows[0].cells[0].as_ref().unwrap();
    assert_eq!((cell.count(), cell.severity), (3, Severity::Critical));
    let all: Vec<&str> = matrix.resources(0, 0).map(|resource| resource.name.as_str()).collect();
    assert_eq!(all, ["processing-2", "processing-1", "processing-3"], "the worst first");
    assert_eq!(matrix.rows[1].cells[1], None);
    assert_eq!(matrix.columns[1].blank(), Severity::Absent);
}

#[test]
fn what_could_not_be_read_is_not_absent() {
    let mut app = App::new(settings());
    update(&mut app, report(0, LAMBDA, Ok(simple(Severity::Ok)), 0));
    update(&mut app, report(1, LAMBDA, Err(fault(FaultKind::Denied)), 0));
    app.settle();
    press(&mut app, &["j", "enter"]);
    let blanks: Vec<Severity> = app.derived.matrix.columns.iter().map(|column| column.blank()).collect();
    assert_eq!(blanks, [Severity::Absent, Severity::Unknown, Severity::Unknown]);
    assert_eq!(app.derived.matrix.columns[1].freshness, Freshness::Failed);
}

#[test]
fn attention_keeps_the_columns_to_compare_with() {
    let mut app = live();
    press(&mut app, &["enter", "z"]);
    assert_eq!(app.derived.matrix.rows.len(), 1);
    assert_eq!(app.derived.matrix.columns.len(), 3);
}

#[test]
fn a_stale_matrix_is_not_fine() {
    let mut app = live();
    update(&mut app, report(0, LAMBDA, Err(fault(FaultKind::Timeout)), 1));
    app.settle();
    press(&mut app, &["enter"]);
    let row = app.derived.matrix.rows.iter().find(|row| row.logical_name == "validation").unwrap();
    let severities: Vec<Severity> = row.cells.iter().flatten().map(|cell| cell.severity).collect();
    assert_eq!(severities, [Severity::Unknown, Severity::Ok, Severity::Ok]);
}

#[test]
fn the_connections_with_trouble_come_with_attention() {
    let mut app = live();
    update(&mut app, report(1, LAMBDA, Err(fault(FaultKind::Denied)), 1));
    press(&mut app, &["C"]);
    assert_eq!(app.derived.connections, [0, 1, 2, 3]);
    press(&mut app, &["z"]);
    assert_eq!(app.derived.connections, [1]);
    press(&mut app, &["enter"]);
    assert_eq!(selected(&app).0, "payments/staging");
}
