//! Which resources of an account belong to an environment.

use std::collections::HashSet;

use globset::{Glob, GlobSet, GlobSetBuilder};

use crate::config::Select;

/// Decides by name globs and, where tags are configured, by the ARNs that carry them.
#[derive(Debug, Clone, Default)]
pub struct Selection {
    names: Option<GlobSet>,
    exclude: Option<GlobSet>,
    tagged: Option<HashSet<String>>,
}

impl Selection {
    /// From the configuration; `tagged` are the ARNs that carry all wanted tags, `None` where no tags are wanted.
    /// Globs that do not parse match nothing: validation has refused them before.
    pub fn new(select: &Select, tagged: Option<HashSet<String>>) -> Self {
        Self { names: globs(&select.names), exclude: globs(&select.exclude), tagged }
    }

    /// True when the resource belongs to the environment.
    pub fn admits(&self, name: &str, arn: &str) -> bool {
        self.names.as_ref().is_none_or(|globs| globs.is_match(name))
            && !self.exclude.as_ref().is_some_and(|globs| globs.is_match(name))
            && self.tagged.as_ref().is_none_or(|arns| arns.contains(arn))
    }

    /// True when a part of something belongs: by itself, or because the whole does and its own name is not excluded.
    /// A service of a cluster, a stage of an API, a node group of a cluster.
    pub fn admits_part(&self, name: &str, arn: &str, whole: (&str, &str)) -> bool {
        let excluded = self.exclude.as_ref().is_some_and(|globs| globs.is_match(name));
        self.admits(name, arn) || (!excluded && self.admits(whole.0, whole.1))
    }

    /// The same where only the end of the ARN is known, e.g. `:alarm:NAME`: history and activities name no ARN.
    pub fn admits_ending(&self, name: &str, end: &str) -> bool {
        self.may_admit(name) && self.tagged.as_ref().is_none_or(|arns| arns.iter().any(|arn| arn.ends_with(end)))
    }

    /// False when the name alone already rules it out: then nothing more need be asked about it.
    pub fn may_admit(&self, name: &str) -> bool {
        self.names.as_ref().is_none_or(|globs| globs.is_match(name))
            && !self.exclude.as_ref().is_some_and(|globs| globs.is_match(name))
    }
}

fn globs(patterns: &[String]) -> Option<GlobSet> {
    if patterns.is_empty() {
        return None;
    }
    let mut set = GlobSetBuilder::new();
    for glob in patterns.iter().filter_map(|pattern| Glob::new(pattern).ok()) {
        set.add(glob);
    }
    set.build().ok()
}
