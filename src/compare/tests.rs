//! Tests of matching and judgement on plain data.

use std::collections::BTreeMap;

use rstest::rstest;

use super::setting::{Configured, Setting, Tags, Value};
use super::snapshot::{Snapshot, Unlisted};
use super::verdict::EXISTS;
use super::{Judged, Matrix, Verdict};
use crate::base::Text;
use crate::config::manifest::{Manifest, read};
use crate::model::{EnvId, Environment, Fault, FaultKind, Tier};
use crate::signals::naming::Naming;

pub(super) const PLACES: [(&str, Tier, &str, &str); 3] = [
    ("dev", Tier::Development, "eu-west-1", "111111111111"),
    ("staging", Tier::Staging, "us-west-2", "222222222222"),
    ("prod", Tier::Production, "us-east-1", "333333333333"),
];

fn fault() -> Fault {
    Fault::new(FaultKind::Denied, "ListFunctions", "no")
}

/// Environments without resources.
pub(super) fn places(count: usize) -> Vec<Snapshot> {
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

pub(super) fn function(environment: &str, name: &str, memory: f64) -> Configured {
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

pub(super) fn alike(count: usize, functions: &[&str]) -> Vec<Snapshot> {
    let mut all = places(count);
    for snapshot in &mut all {
        let name = snapshot.name.clone();
        snapshot.resources = functions.iter().map(|function_name| function(&name, function_name, 512.0)).collect();
    }
    all
}

pub(super) fn judge(snapshots: &[Snapshot], manifest: &Manifest) -> Judged {
    let environments: Vec<_> = snapshots.iter().map(Snapshot::environment).collect();
    let naming = Naming::new(environments.iter(), &[]);
    Matrix::of("payments", snapshots, &naming, &manifest.matches).judge(manifest)
}

pub(super) fn manifest(text: &str) -> Manifest {
    let text = format!("system = 'payments'\n{text}");
    read(&crate::config::Source::new("m", text), &super::inventory::kinds()).unwrap()
}

/// `name key environment verdict` of every cell that is neither the same nor approved.
pub(super) fn wrong(judged: &Judged) -> Vec<String> {
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

pub(super) fn set(resource: &mut Configured, key: &str, value: Value) {
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

#[test]
fn what_has_nothing_to_be_compared_with_is_never_the_same() {
    let two = |change: &dyn Fn(&mut Snapshot)| {
        let mut two = alike(2, &["a"]);
        change(&mut two[1]);
        two
    };
    let rule = "[[vary]]\nkind = 'lambda function'\nsetting = 'memory_mb'\nvalues = { dev = 512, staging = 1024 }";
    let unlisted = |snapshot: &mut Snapshot| {
        snapshot.resources.clear();
        snapshot.unlisted = vec![Unlisted { kind: "lambda function".into(), fault: fault() }];
    };
    let dark = |snapshot: &mut Snapshot| {
        snapshot.resources.clear();
        snapshot.fault = Some(fault());
    };
    for (name, change) in [("unlisted", &unlisted as &dyn Fn(&mut Snapshot)), ("dark", &dark)] {
        let without = judge(&two(change), &Manifest::default());
        assert!(without.cells().all(|cell| cell.verdict == Verdict::Unknown), "{name}");
        let ruled = judge(&two(change), &manifest(rule));
        let settings = ruled.rows[0].settings.iter().filter(|setting| &*setting.key != EXISTS);
        let told: Vec<_> = settings
            .flat_map(|setting| setting.cells.iter().flatten().map(|cell| (setting.key.to_string(), cell.verdict)))
            .collect();
        assert_eq!(told, [("memory_mb".to_owned(), Verdict::Approved)], "{name}: only what the rule admits is judged");
        let expected = manifest("[[resource]]\nkind = 'lambda function'\nname = 'a'");
        let exists = &judge(&two(change), &expected).rows[0].settings[0];
        assert_ne!(exists.cells[1].as_ref().unwrap().verdict, Verdict::Same, "{name}");
    }
}

#[test]
fn what_must_exist_is_unknown_where_its_kind_could_not_be_listed() {
    let mut all = alike(3, &["a"]);
    all[0].resources.clear();
    all[0].unlisted = vec![Unlisted { kind: "lambda function".into(), fault: fault() }];
    let gone = manifest("[[resource]]\nkind = 'lambda function'\nname = 'b'");
    let expected =
        ["a exists dev unknown", "b exists dev unknown", "b exists prod missing", "b exists staging missing"];
    assert_eq!(wrong(&judge(&all, &gone)), expected);
}

#[test]
fn a_required_tag_is_unknown_only_where_tags_could_not_be_read() {
    let required = manifest("required_tags = ['Team', 'CostCenter']");
    let mut all = alike(3, &["a"]);
    all[0].resources[0].tags = Tags::Unknown(fault());
    let unknown = ["Environment", "Team"].map(|tag| format!("a tag:{tag} dev unknown"));
    let cost = [("dev", "unknown"), ("prod", "untagged"), ("staging", "untagged")];
    let mut expected: Vec<String> = cost.map(|(place, word)| format!("a tag:CostCenter {place} {word}")).into();
    expected.extend(unknown);
    expected.sort();
    assert_eq!(wrong(&judge(&all, &required)), expected);
    all[1].resources[0].tags = Tags::Known(BTreeMap::new());
    all[2].resources[0].tags = Tags::Unknown(fault());
    let found = wrong(&judge(&all, &required));
    for tag in ["Team", "CostCenter"] {
        assert!(found.contains(&format!("a tag:{tag} staging untagged")), "{found:?}");
        assert!(!found.contains(&format!("a tag:{tag} dev untagged")), "{found:?}");
    }
}

#[test]
fn a_name_of_another_environment_is_a_difference_and_one_that_all_share_is_not() {
    let topic = |account: &str, name: &str| Value::Text(format!("arn:aws:sns:eu-west-1:{account}:{name}").into());
    let with = |values: [Value; 3]| {
        let mut all = alike(3, &["a"]);
        for (snapshot, value) in all.iter_mut().zip(values) {
            snapshot.region = "eu-west-1".into();
            set(&mut snapshot.resources[0], "role", value);
        }
        wrong(&judge(&all, &Manifest::default()))
    };
    let own = |place: usize| topic(PLACES[place].3, &format!("payments-{}-alerts", PLACES[place].0));
    assert_eq!(with([own(0), own(1), own(2)]), Vec::<String>::new());
    assert_eq!(with([own(0), own(1), own(1)]), ["a role prod DRIFT"], "production tells staging");
    let staging = topic(PLACES[2].3, "payments-staging-alerts");
    assert_eq!(with([own(0), own(1), staging]), ["a role prod DRIFT"], "in its own account");
    let shared = || topic("999999999999", "shared-prod-alerts");
    assert_eq!(with([shared(), shared(), shared()]), Vec::<String>::new(), "one for all");
    assert_eq!(with([shared(), own(1), shared()]), ["a role staging DRIFT"]);
}

#[test]
fn a_value_that_is_written_as_another_type_is_told() {
    let rule = "[[vary]]\nkind = 'lambda function'\nsetting = 'memory_mb'\nvalues = { dev = '512' }";
    let judged = judge(&alike(3, &["a"]), &manifest(rule));
    let (_, finding) = judged.findings().next().unwrap();
    let note = &finding.cells[0].as_ref().unwrap().note;
    assert_eq!(*note, "approved is 512, written as another type in the manifest");
}

#[rstest]
#[case(
    "environments = ['dev', 'staging', 'prod', 'prd']",
    "m:1:10: warning: `prd` is no environment of payments: what is said of it never applies; help: did you mean `prod`?"
)]
#[case(
    "[[vary]]\nkind = 'lambda function'\nsetting = 'memory_mb'\nvalues = { prd = 1 }",
    "m:3:8: warning: `prd` is no environment of payments: what is said of it never applies; help: did you mean `prod`?"
)]
#[case(
    "[[vary]]\nkind = 'lambda function'\nsetting = 'memory'\nany = true",
    "m:3:8: warning: no lambda function * has a setting `memory`: this rule never applies; help: did you mean `memory_mb`?"
)]
#[case(
    "[[vary]]\nkind = 'lambda function'\nname = 'aa'\nsetting = 'memory_mb'\nany = true",
    "m:3:8: warning: no lambda function has the logical name `aa`: this rule never applies; help: did you mean `a`?"
)]
#[case(
    "[[vary]]\nkind = 'kms key'\nsetting = 'rotation'\nany = true",
    "m:3:8: warning: there is no kms key: this rule never applies"
)]
#[case(
    "[[vary]]\nkind = '*'\nsetting = 'memory_mb'\nany = true\n[[vary]]\nkind = 'lambda *'\nsetting = 'memory_*'\nany = true",
    "m:7:8: warning: earlier rules are about every setting that `memory_*` fits: this rule never applies"
)]
#[case(
    "[[vary]]\nkind = '*'\nsetting = 'exists'\nany = true",
    "m:3:8: warning: whether a resource exists is no setting that varies: this rule never applies; help: write `[[resource]]` with `only`"
)]
#[case(
    "[[match]]\nkind = 'lambda function'\npattern = 'x-*'\nname = 'a'",
    "m:4:11: warning: no lambda function has a name that fits `x-*`: this rule never applies"
)]
#[case(
    "[[resource]]\nkind = 'lambda function'\nname = 'a'\n[[resource]]\nkind = 'lambda function'\nname = 'a'",
    "m:6:8: warning: an earlier rule is about lambda function a: this one never applies"
)]
fn a_rule_that_never_applies_is_told(#[case] text: &str, #[case] expected: &str) {
    let all = alike(3, &["a"]);
    assert_eq!(told(&all, text), [expected]);
    let mut unread = all.clone();
    unread[1].fault = Some(fault());
    let environments = expected.contains("no environment");
    assert_eq!(told(&unread, text).is_empty(), !environments, "what is not seen may be what it is about");
    assert_eq!(told(&all[..2], text).is_empty(), !environments);
}

#[test]
fn nothing_is_said_of_rules_that_apply() {
    let text = "environments = ['dev', 'staging', 'prod']\n[[vary]]\nkind = 'lambda *'\nsetting = 'memory_mb'\nvalues = { dev = 512 }\n[[resource]]\nkind = 'kms key'\nname = 'gone'\n[[match]]\nkind = '*'\npattern = 'payments-dev-a'\nname = 'a'";
    assert_eq!(told(&alike(3, &["a"]), text), Vec::<String>::new());
}

/// Warnings about a manifest, where the system has all three environments.
fn told(snapshots: &[Snapshot], text: &str) -> Vec<String> {
    let environments: Vec<_> = snapshots.iter().map(Snapshot::environment).collect();
    let naming = Naming::new(environments.iter(), &[]);
    let manifest = manifest(text);
    let matrix = Matrix::of("payments", snapshots, &naming, &manifest.matches);
    let names = PLACES.map(|(name, ..)| Text::from(name));
    super::idle::idle(&manifest, &matrix, &names).iter().map(ToString::to_string).collect()
}
