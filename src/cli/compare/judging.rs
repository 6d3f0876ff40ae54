//! What is compared with what: the environments of each system, those that were named, or each with its past.

use std::path::PathBuf;

use color_eyre::eyre::Result;

use super::{CompareArgs, manifests};
use crate::base::Text;
use crate::cli::exit::UsageError;
use crate::cli::source::Source;
use crate::compare::baseline::BaselineError;
use crate::compare::idle::idle;
use crate::compare::{Baseline, Judged, Matrix, Snapshot};
use crate::config::Problem;
use crate::config::manifest::Manifest;
use crate::signals::naming::Naming;

/// A comparison, and the manifest that it was judged by.
pub type Comparison = (Judged, Manifest);

/// An environment of the configuration: its system and its name.
pub type Label = (Text, Text);

/// Judges what was read. `known` are all environments of the configuration, also those that were not asked for.
pub fn judged(source: &Source, args: &CompareArgs, known: &[Label], read: &[Snapshot]) -> Result<Vec<Comparison>> {
    let environments: Vec<_> = read.iter().map(Snapshot::environment).collect();
    let naming = Naming::new(environments.iter(), &source.config.naming.ignore);
    if let Some(name) = &args.against {
        let judged = against(source, name, read, &naming)?;
        return Ok(judged.into_iter().map(|judged| (judged, Manifest::default())).collect());
    }
    let mut systems: Vec<&str> = Vec::new();
    for snapshot in read {
        if !systems.contains(&&*snapshot.system) {
            systems.push(&snapshot.system);
        }
    }
    let named = args.manifest.as_deref().map(|path| manifests::named(path, &systems)).transpose()?;
    let of_system = |system: &str| match &named {
        Some(manifest) if *manifest.system == *system => Ok(manifest.clone()),
        _ => manifests::of_system(source, system),
    };
    if !args.environments.is_empty() && systems.len() > 1 {
        // Environments that were named are compared with each other, of whatever system they are. No manifest says what
        // may differ between systems, but one that was named.
        let manifest = named.unwrap_or_default();
        let matrix = Matrix::of(systems.join(" and "), read, &naming, &manifest.matches);
        return Ok(vec![(matrix.judge(&manifest), manifest)]);
    }
    let mut all = Vec::new();
    for system in systems {
        let of: Vec<Snapshot> = read.iter().filter(|snapshot| *snapshot.system == *system).cloned().collect();
        let manifest = of_system(system)?;
        let matrix = Matrix::of(system, &of, &naming, &manifest.matches);
        let names: Vec<Text> = known.iter().filter(|(of, _)| **of == *system).map(|(_, name)| name.clone()).collect();
        manifests::report(&idle(&manifest, &matrix, &names));
        if of.len() == 1 {
            let what = format!("{system} has one environment: it is judged by its manifest alone");
            let help = "`--save NAME` and `--against NAME` compare it with its past";
            manifests::report(&[Problem::warning("compare", None, what).with_suggestion(Some(help))]);
        }
        all.push((matrix.judge(&manifest), manifest));
    }
    Ok(all)
}

/// Where baselines are.
///
/// # Errors
/// There is no home directory.
pub fn folder(source: &Source) -> Result<PathBuf> {
    let paths = source.paths.as_ref();
    paths
        .map(|paths| paths.baselines())
        .ok_or_else(|| UsageError("there is no home directory for baselines".into()).into())
}

/// What a wrong name or a wrong file of a baseline is called.
pub fn usage_error(error: BaselineError) -> color_eyre::Report {
    match error {
        BaselineError::Name(_) | BaselineError::None { .. } | BaselineError::Content(..) => {
            UsageError(error.to_string()).into()
        }
        BaselineError::File(..) => error.into(),
    }
}

/// Every environment with itself. One that the baseline does not have cannot be compared.
fn against(source: &Source, name: &str, snapshots: &[Snapshot], naming: &Naming) -> Result<Vec<Judged>> {
    let baseline = Baseline::load(&folder(source)?, name).map_err(usage_error)?;
    let then = |now: &Snapshot| {
        let same = |then: &&Snapshot| then.system == now.system && then.name == now.name;
        baseline.snapshots.iter().find(same)
    };
    if let Some(now) = snapshots.iter().find(|now| then(now).is_none()) {
        let message =
            format!("baseline `{name}` does not have {}/{}: name the environments that it has", now.system, now.name);
        return Err(UsageError(message).into());
    }
    let pairs = snapshots.iter().filter_map(|now| Some((then(now)?, now)));
    let manifest = Manifest::default();
    Ok(pairs.map(|(then, now)| Matrix::against(then, now, name, naming, &[]).judge(&manifest)).collect())
}
