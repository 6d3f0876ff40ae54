//! Property: any single difference is reported exactly once.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::Verdict;
use super::setting::{Configured, Setting, Tags, Value};
use super::snapshot::Snapshot;
use super::tests::{PLACES, alike, function, judge, manifest, places, set, wrong};
use super::verdict::EXISTS;
use crate::base::Text;
use crate::config::manifest::Manifest;

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
