//! Tests of matching and judgement on plain data.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::setting::{Configured, Setting, Tags, Value};
use super::snapshot::{Snapshot, Unlisted};
use super::verdict::EXISTS;
use super::{Judged, Matrix, Verdict};
use crate::base::Text;
use crate::config::manifest::{Manifest, read};
use crate::model::{EnvId, Environment, Fault, FaultKind, Tier};
use crate::signals::naming::Naming;

const PLACES: [(&str, Tier, &str, &str); 3] = [
    ("dev", Tier::Development, "eu-west-1", "111111111111"),
    ("staging", Tier::Staging, "us-west-2", "222222222222"),
    ("prod", Tier::Production, "us-east-1", "333333333333"),
];

fn fault() -> Fault {
    Fault::new(FaultKind::Denied, "ListFunctions", "no")
}

/// Environments without resources.
fn places(count: usize) -> Vec<Snapshot> {
    let environment = |(name, tier, region, account): &(&str, Tier, &str, &str)| Environment {
        id: EnvId(0),
        system: "payments".into(),
        name: (*name).into(),
        tier: *tier,
        region: (*region).into(),
        account: Some((*account).into()),
        profile: None,
        read_only: true,
    };
    let at = "2026-11-21T03:00:00Z".parse().unwrap();
    PLACES.iter().take(count).map(|place| Snapshot::empty(&environment(place), at)).collect()
}

fn function(environment: &str, name: &str, memory: f64) -> Configured {
    let settings = vec![
        Setting::new("memory_mb", Value::Number(memory)),
        Setting::new("runtime", Value::Text("nodejs22.x".into())),
        Setting::new("variable_names", Value::list(["A", "B"])),
        Setting::new("tracing", Value::Bool(true)),
        Setting::names("role", Value::Text(format!("arn:aws:iam::1:role/payments-{environment}-{name}").into())),
    ];
    let tags = Tags::known([("Environment", environment), ("Team", "payments")]);
    Configured::new("lambda function", format!("payments-{environment}-{name}"), "arn", settings).tagged(tags)
}

fn alike(count: usize, functions: &[&str]) -> Vec<Snapshot> {
    let mut all = places(count);
    for snapshot in &mut all {
        let name = snapshot.name.clone();
        snapshot.resources = functions.iter().map(|function_name| function(&name, function_name, 512.0)).collect();
    }
    all
}

fn judge(snapshots: &[Snapshot], manifest: &Manifest) -> Judged {
    let environments: Vec<_> = snapshots.iter().map(Snapshot::environment).collect();
    let naming = Naming::new(environments.iter(), &[]);
    Matrix::of("payments", snapshots, &naming, &manifest.matches).judge(manifest)
}

fn manifest(text: &str) -> Manifest {
    let text = format!("system = 'payments'\n{text}");
    read(&crate::config::Source::new("m", text), &super::inventory::kinds()).unwrap()
}

/// `name key environment verdict` of every cell that is neither the same nor approved.
fn wrong(judged: &Judged) -> Vec<String> {
    let mut lines = Vec::new();
    for row in &judged.rows {
        for setting in &row.settings {
            for (column, cell) in judged.columns.iter().zip(&setting.cells) {
                let Some(cell) = cell.as_ref().filter(|cell| cell.verdict > Verdict::Approved) else { continue };
                lines.push(format!("{} {} {} {}", row.name, setting.key, column.environment, cell.verdict.word()));
            }
        }
    }
    lines.sort();
    lines
}

fn set(resource: &mut Configured, key: &str, value: Value) {
    let setting = resource.settings.iter_mut().find(|setting| &*setting.key == key).unwrap();
    setting.value = value;
}

#[test]
fn names_and_tags_of_an_environment_are_no_difference() {
    let judged = judge(&alike(3, &["a", "b"]), &manifest("required_tags = ['Environment', 'Team']"));
    assert_eq!(wrong(&judged), Vec::<String>::new());
    assert!(judged.cells().all(|cell| cell.verdict == Verdict::Same));
    assert_eq!(judged.rows.iter().map(|row| row.name.to_string()).collect::<Vec<_>>(), ["a", "b"]);
}

#[test]
fn without_a_rule_the_odd_one_out_differs_and_of_two_both() {
    let mut three = alike(3, &["a"]);
    set(&mut three[1].resources[0], "memory_mb", Value::Number(256.0));
    assert_eq!(wrong(&judge(&three, &Manifest::default())), ["a memory_mb staging DRIFT"]);
    let mut two = alike(2, &["a"]);
    set(&mut two[0].resources[0], "memory_mb", Value::Number(256.0));
    let judged = judge(&two, &Manifest::default());
    assert_eq!(wrong(&judged), ["a memory_mb dev DRIFT", "a memory_mb staging DRIFT"]);
    assert_eq!(judged.findings().count(), 1);
}

#[test]
fn what_the_manifest_says_is_approved_and_all_else_is_not() {
    let rule = "[[vary]]\nkind = 'lambda function'\nsetting = 'memory_mb'\n";
    let values =
        format!("{rule}values = {{ dev = 512, staging = {{ min = 600 }}, prod = {{ one_of = [1024, 2048] }} }}");
    let mut all = alike(3, &["a"]);
    set(&mut all[1].resources[0], "memory_mb", Value::Number(700.0));
    set(&mut all[2].resources[0], "memory_mb", Value::Number(2048.0));
    let judged = judge(&all, &manifest(&values));
    assert!(wrong(&judged).is_empty());
    assert_eq!(judged.cells().filter(|cell| cell.verdict == Verdict::Approved).count(), 3);
    set(&mut all[2].resources[0], "memory_mb", Value::Number(1536.0));
    let judged_again = judge(&all, &manifest(&values));
    assert_eq!(wrong(&judged_again), ["a memory_mb prod DRIFT"]);
    let (_, finding) = judged_again.findings().next().unwrap();
    assert_eq!(finding.cells[2].as_ref().unwrap().note, "approved is 1024 or 2048");
    assert!(wrong(&judge(&all, &manifest(&format!("{rule}any = true")))).is_empty());
    let only = judge(&all, &manifest(&format!("{rule}values = {{ prod = 1536 }}")));
    assert_eq!(
        wrong(&only),
        ["a memory_mb dev DRIFT", "a memory_mb staging DRIFT"],
        "those not named must be the same"
    );
}

#[test]
fn equal_values_are_the_same_even_where_they_may_differ() {
    let all = alike(3, &["a"]);
    let judged = judge(&all, &manifest("[[vary]]\nkind = '*'\nsetting = '*'\nany = true"));
    assert!(judged.cells().all(|cell| cell.verdict == Verdict::Same));
}

#[test]
fn a_resource_may_be_missing_extra_or_expected_elsewhere() {
    let mut all = alike(3, &["a", "b"]);
    all[0].resources.remove(0);
    assert_eq!(wrong(&judge(&all, &Manifest::default())), ["a exists dev missing"]);
    all[1].resources.remove(0);
    assert_eq!(wrong(&judge(&all, &Manifest::default())), ["a exists prod extra"]);
    let only = "[[resource]]\nkind = 'lambda function'\nname = 'a'\n";
    assert!(wrong(&judge(&all, &manifest(&format!("{only}only = ['prod']")))).is_empty());
    assert_eq!(wrong(&judge(&all, &manifest(only))), ["a exists dev missing", "a exists staging missing"]);
    let gone = manifest("[[resource]]\nkind = 'kms key'\nname = 'payments'\nonly = ['dev']");
    let expected = ["a exists prod extra", "payments exists dev missing"];
    assert_eq!(wrong(&judge(&all, &gone)), expected, "also where no environment has it");
}

#[test]
fn what_could_not_be_read_is_unknown_and_never_the_same() {
    let mut all = alike(3, &["a"]);
    set(&mut all[0].resources[0], "memory_mb", Value::Unknown(fault()));
    assert_eq!(wrong(&judge(&all, &Manifest::default())), ["a memory_mb dev unknown"]);
    all[0].resources.clear();
    all[0].unlisted = vec![Unlisted { kind: "lambda function".into(), fault: fault() }];
    assert_eq!(wrong(&judge(&all, &Manifest::default())), ["a exists dev unknown"]);
    all[0].unlisted = vec![Unlisted { kind: "s3 bucket".into(), fault: fault() }];
    let judged = judge(&all, &Manifest::default());
    assert_eq!(wrong(&judged), ["* exists dev unknown", "a exists dev missing"], "of buckets nothing is known");
    all[0].unlisted.clear();
    all[0].fault = Some(fault());
    assert_eq!(wrong(&judge(&all, &Manifest::default())), ["a exists dev unknown"]);
    all[1].unlisted = vec![Unlisted { kind: "s3 bucket".into(), fault: fault() }];
    let expected = ["* exists dev unknown", "* exists staging unknown", "a exists dev unknown"];
    assert_eq!(wrong(&judge(&all, &Manifest::default())), expected, "of its buckets nothing is known either");
    let any = manifest("[[vary]]\nkind = '*'\nsetting = '*'\nany = true");
    let mut one = alike(3, &["a"]);
    one[2].resources[0].unread = Some(fault());
    one[2].resources[0].settings.retain(|setting| &*setting.key != "runtime");
    assert_eq!(wrong(&judge(&one, &any)), ["a runtime prod unknown"], "not even where anything goes");
}

#[test]
fn the_only_value_that_is_known_has_nothing_to_be_compared_with() {
    let mut two = alike(2, &["a"]);
    set(&mut two[0].resources[0], "memory_mb", Value::Unknown(fault()));
    assert_eq!(wrong(&judge(&two, &Manifest::default())), ["a memory_mb dev unknown", "a memory_mb staging unknown"]);
}

#[test]
fn a_required_tag_is_missed_wherever_it_is_not() {
    let required = manifest("required_tags = ['Team', 'CostCenter']");
    let mut all = alike(3, &["a"]);
    let cost = |all: &mut Vec<Snapshot>, value: &str| {
        for snapshot in all {
            let Tags::Known(tags) = &mut snapshot.resources[0].tags else { unreachable!() };
            tags.insert("CostCenter".into(), value.into());
        }
    };
    let everywhere = ["dev", "prod", "staging"].map(|place| format!("a tag:CostCenter {place} untagged"));
    assert_eq!(wrong(&judge(&all, &required)), everywhere, "nobody carries it");
    cost(&mut all, " ");
    assert_eq!(wrong(&judge(&all, &required)), everywhere, "an empty tag is none");
    cost(&mut all, "CC-1");
    assert!(wrong(&judge(&all, &required)).is_empty());
    let Tags::Known(tags) = &mut all[1].resources[0].tags else { unreachable!() };
    tags.remove("CostCenter");
    for manifest in [&required, &Manifest::default()] {
        assert_eq!(wrong(&judge(&all, manifest)), ["a tag:CostCenter staging untagged"]);
    }
    all[1].resources[0].tags = Tags::Unknown(fault());
    let unknown = ["CostCenter", "Environment", "Team"].map(|tag| format!("a tag:{tag} staging unknown"));
    assert_eq!(wrong(&judge(&all, &required)), unknown);
}

#[test]
fn two_resources_of_one_logical_name_are_shown_and_not_guessed() {
    let mut all = alike(3, &["a"]);
    let mut twin = function("dev", "a", 64.0);
    twin.name = "payments-dev-eu-west-1-a".into();
    all[0].resources.push(twin);
    let judged = judge(&all, &Manifest::default());
    assert_eq!(wrong(&judged), ["a exists dev unknown"]);
    let note = judged.rows[0].settings[0].cells[0].as_ref().unwrap().note.clone();
    assert!(note.contains("payments-dev-a and payments-dev-eu-west-1-a"), "{note}");
    let told = "[[match]]\nkind = '*'\npattern = 'payments-dev-eu-west-1-a'\nname = 'a-regional'";
    assert_eq!(wrong(&judge(&all, &manifest(told))), ["a-regional exists dev extra"]);
}

#[test]
fn an_environment_is_compared_with_its_own_past() {
    let then = &alike(3, &["a", "b"])[2];
    let mut now = then.clone();
    let naming = Naming::default();
    let judged = |now: &Snapshot| Matrix::against(then, now, "monday", &naming, &[]).judge(&Manifest::default());
    assert!(wrong(&judged(&now)).is_empty());
    set(&mut now.resources[0], "memory_mb", Value::Number(1.0));
    now.resources.remove(1);
    now.resources.push(function("prod", "c", 512.0));
    let found = judged(&now);
    assert_eq!(found.columns.iter().map(|column| &*column.label).collect::<Vec<_>>(), ["prod @ monday", "prod"]);
    let logical = |name: &str| naming.logical(name, &then.environment()).to_string();
    let (a, b, c) = (logical("payments-prod-a"), logical("payments-prod-b"), logical("payments-prod-c"));
    let mut expected =
        vec![format!("{a} memory_mb prod DRIFT"), format!("{b} exists prod missing"), format!("{c} exists prod extra")];
    expected.sort();
    assert_eq!(wrong(&found), expected, "what it was is right, also of two");
}

/// One thing to do to one environment.
#[derive(Debug, Clone)]
enum Injected {
    Number,
    Text,
    List,
    Switch,
    Gone,
    TagGone,
    TagOther,
    Named,
    Unset,
    New,
}

fn injected() -> impl Strategy<Value = Injected> {
    prop::sample::select(vec![
        Injected::Number,
        Injected::Text,
        Injected::List,
        Injected::Switch,
        Injected::Gone,
        Injected::TagGone,
        Injected::TagOther,
        Injected::Named,
        Injected::Unset,
        Injected::New,
    ])
}

fn inject(snapshot: &mut Snapshot, place: usize, what: &Injected) -> (Text, Text, Verdict) {
    let environment = snapshot.name.clone();
    let name = Text::new(snapshot.resources[place].name.rsplit('-').next().unwrap());
    let resource = &mut snapshot.resources[place];
    let mut change = |key: &str, value| {
        set(resource, key, value);
        (name.clone(), Text::from(key), Verdict::Drift)
    };
    match what {
        Injected::Number => change("memory_mb", Value::Number(513.0)),
        Injected::Text => change("runtime", Value::Text("python3.14".into())),
        Injected::List => change("variable_names", Value::list(["A", "C"])),
        Injected::Switch => change("tracing", Value::Bool(false)),
        Injected::Named => change("role", Value::Text("arn:aws:iam::1:role/admin".into())),
        Injected::Unset => {
            resource.settings.retain(|setting| &*setting.key != "runtime");
            (name, "runtime".into(), Verdict::Drift)
        }
        Injected::TagGone | Injected::TagOther => {
            let Tags::Known(tags) = &mut resource.tags else { unreachable!() };
            tags.remove("Team");
            if matches!(what, Injected::TagOther) {
                tags.insert("Team".into(), "other".into());
                return (name, "tag:Team".into(), Verdict::Drift);
            }
            (name, "tag:Team".into(), Verdict::Untagged)
        }
        Injected::Gone => {
            snapshot.resources.remove(place);
            (name, EXISTS.into(), Verdict::Missing)
        }
        Injected::New => {
            snapshot.resources.push(function(&environment, "zzz", 512.0));
            ("zzz".into(), EXISTS.into(), Verdict::Extra)
        }
    }
}

proptest! {
    #[test]
    fn any_single_difference_is_reported_exactly_once(
        count in 1_usize..6,
        place in 0_usize..3,
        which in 0_usize..6,
        what in injected(),
        ruled in any::<bool>(),
    ) {
        let names = ["a", "b", "c", "d", "e", "f"];
        let mut all = alike(3, &names[..count]);
        let manifest = if ruled {
            manifest("required_tags = ['Team']\n[[vary]]\nkind = 'lambda function'\nsetting = 'memory_mb'\nvalues = { dev = 512, staging = 512, prod = 512 }")
        } else {
            Manifest::default()
        };
        let (name, key, verdict) = inject(&mut all[place], which % count, &what);
        let judged = judge(&all, &manifest);
        let found: Vec<_> = judged.findings().collect();
        prop_assert_eq!(found.len(), 1, "{:?}", wrong(&judged));
        prop_assert_eq!((&found[0].0.name, &found[0].1.key, found[0].1.worst()), (&name, &key, verdict));
        let expected = format!("{name} {key} {} {}", PLACES[place].0, verdict.word());
        prop_assert_eq!(wrong(&judged), vec![expected]);
    }

    #[test]
    fn every_setting_of_every_kind_counts(value in 0_u32..1000, place in 0_usize..3, keys in 1_usize..12) {
        let mut all = places(3);
        let settings: BTreeMap<String, u32> = (0..keys).map(|key| (format!("k{key}"), value)).collect();
        for snapshot in &mut all {
            let settings = settings.iter().map(|(key, value)| Setting::new(key, Value::Number(f64::from(*value)))).collect();
            snapshot.resources = vec![Configured::part("rest api route", "GET /x", settings)];
        }
        let key = format!("k{}", value as usize % keys);
        set(&mut all[place].resources[0], &key, Value::Number(f64::from(value) + 0.5));
        prop_assert_eq!(judge(&all, &Manifest::default()).findings().count(), 1);
    }
}
