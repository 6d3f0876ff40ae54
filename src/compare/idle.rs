//! Rules of a manifest that have nothing to be about: a name that was mistyped, or what is no longer there. They change no
//! verdict, and they are told, because who wrote them believes that they do.

use std::collections::BTreeSet;

use crate::base::Text;
use crate::compare::matrix::{Matrix, Presence, ResourceRow, TAG};
use crate::config::Problem;
use crate::config::manifest::{Allowed, Manifest, Variation};
use crate::config::nearest::suggest;

/// Warnings about every rule that can never apply. `environments` are the names of all environments that the system has.
/// Where not all of them are compared, or some could not be read, a rule may be about what is not seen: of such rules
/// nothing is said.
pub fn idle(manifest: &Manifest, matrix: &Matrix, environments: &[Text]) -> Vec<Problem> {
    let idle = Idle { manifest, matrix };
    let mut problems = idle.environments(environments);
    let compared =
        |name: &Text| matrix.columns.iter().any(|column| column.environment == *name && column.fault.is_none());
    if environments.iter().all(compared) {
        problems.extend(idle.matches());
        problems.extend(idle.resources());
        problems.extend(idle.variations());
    }
    problems.sort_by_key(|problem| problem.position);
    problems
}

struct Idle<'a> {
    manifest: &'a Manifest,
    matrix: &'a Matrix,
}

impl Idle<'_> {
    fn warning(&self, at: Option<crate::config::problem::Position>, what: String, help: Option<String>) -> Problem {
        Problem::warning(&*self.manifest.file, at, what).with_suggestion(help)
    }

    /// Names of environments that the system does not have, each once.
    fn environments(&self, known: &[Text]) -> Vec<Problem> {
        let manifest = self.manifest;
        let listed = manifest.environments.iter().map(|name| (manifest.system_at, name));
        let only = manifest
            .resources
            .iter()
            .flat_map(|rule| rule.only.iter().flatten().map(move |name| (Some(rule.at), name)));
        let values = manifest.variations.iter().flat_map(|rule| match &rule.allowed {
            Allowed::By(by) => by.keys().map(|name| (Some(rule.at), name)).collect(),
            Allowed::Any => Vec::new(),
        });
        let candidates: Vec<&str> = known.iter().map(|name| &**name).collect();
        let mut told = BTreeSet::new();
        let unknown =
            listed.chain(only).chain(values).filter(|(_, name)| !known.contains(name) && told.insert((*name).clone()));
        unknown
            .map(|(at, name)| {
                let what =
                    format!("`{name}` is no environment of {}: what is said of it never applies", manifest.system);
                self.warning(at, what, suggest(name, &candidates))
            })
            .collect()
    }

    /// Patterns that no name fits that an earlier one does not fit too.
    fn matches(&self) -> Vec<Problem> {
        let mut used = BTreeSet::new();
        for row in &self.matrix.rows {
            for name in row.presence.iter().flat_map(names) {
                let mut rules = self.manifest.matches.iter();
                used.extend(rules.position(|rule| rule.kind.fits(&row.kind) && rule.pattern.fits(name)));
            }
        }
        let unused = self
            .manifest
            .matches
            .iter()
            .enumerate()
            .filter(|(index, rule)| !used.contains(index) && self.is_read(&|row| rule.kind.fits(&row.kind)));
        unused
            .map(|(_, rule)| {
                let what = format!("no {} has a name that fits `{}`", rule.kind.text, rule.pattern.text);
                self.warning(Some(rule.at), format!("{what}: this rule never applies"), None)
            })
            .collect()
    }

    /// What an earlier rule says otherwise.
    fn resources(&self) -> Vec<Problem> {
        let rules = self.manifest.resources.iter().enumerate();
        let earlier = rules.filter(|(index, rule)| {
            self.manifest.resources[..*index].iter().any(|other| (&other.kind, &other.name) == (&rule.kind, &rule.name))
        });
        earlier
            .map(|(_, rule)| {
                let what = format!("an earlier rule is about {} {}: this one never applies", rule.kind, rule.name);
                self.warning(Some(rule.at), what, None)
            })
            .collect()
    }

    fn variations(&self) -> Vec<Problem> {
        let mut used = BTreeSet::new();
        for row in &self.matrix.rows {
            for setting in &row.settings {
                let fits = |rule: &Variation| fits(rule, row) && rule.setting.fits(&setting.key);
                used.extend(self.manifest.variations.iter().position(fits));
            }
        }
        let rules = self.manifest.variations.iter().enumerate();
        rules.filter(|(index, _)| !used.contains(index)).filter_map(|(_, rule)| self.variation(rule)).collect()
    }

    /// Why a rule about a setting has nothing to be about; `None` where that may be because not all was read.
    fn variation(&self, rule: &Variation) -> Option<Problem> {
        if !self.is_read(&|row| rule.kind.fits(&row.kind)) {
            return None;
        }
        let of_kind = self.matrix.rows.iter().filter(|row| rule.kind.fits(&row.kind));
        let named: Vec<&ResourceRow> = of_kind.clone().filter(|row| rule.name.fits(&row.name)).collect();
        let keys: Vec<&str> = named.iter().flat_map(|row| row.settings.iter().map(|setting| &*setting.key)).collect();
        let (what, help) = if named.is_empty() {
            let names: Vec<&str> = of_kind.map(|row| &*row.name).collect();
            match names.is_empty() {
                true => (format!("there is no {}", rule.kind.text), None),
                false => (
                    format!("no {} has the logical name `{}`", rule.kind.text, rule.name.text),
                    suggest(&rule.name.text, &names),
                ),
            }
        } else if keys.iter().any(|key| rule.setting.fits(key)) {
            (format!("earlier rules are about every setting that `{}` fits", rule.setting.text), None)
        } else if &*rule.setting.text == crate::compare::verdict::EXISTS {
            let help = "write `[[resource]]` with `only`".to_owned();
            ("whether a resource exists is no setting that varies".to_owned(), Some(help))
        } else {
            let keys: Vec<&str> = keys.into_iter().collect::<BTreeSet<_>>().into_iter().collect();
            let what = format!("no {} {} has a setting `{}`", rule.kind.text, rule.name.text, rule.setting.text);
            (what, suggest(&rule.setting.text, &keys))
        };
        Some(self.warning(Some(rule.at), format!("{what}: this rule never applies"), help))
    }

    /// True where everything about these rows was read: that they exist, what they are, and their tags.
    fn is_read(&self, of: &dyn Fn(&ResourceRow) -> bool) -> bool {
        let unknown = |row: &&ResourceRow| {
            let held = row.settings.iter().flat_map(|setting| setting.cells.iter().flatten());
            row.presence.iter().any(|presence| matches!(presence, Presence::Unknown(_) | Presence::Ambiguous(_)))
                || held.into_iter().any(|held| held.value.is_unknown())
                || row.settings.iter().any(|setting| *setting.key == *format!("{TAG}*"))
        };
        !self.matrix.rows.iter().filter(|row| of(row)).any(|row| unknown(&row))
    }
}

fn fits(rule: &Variation, row: &ResourceRow) -> bool {
    rule.kind.fits(&row.kind) && rule.name.fits(&row.name)
}

fn names(presence: &Presence) -> &[Text] {
    match presence {
        Presence::Here { name, .. } => std::slice::from_ref(name),
        Presence::Ambiguous(names) => names,
        _ => &[],
    }
}
