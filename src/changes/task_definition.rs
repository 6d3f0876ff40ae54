//! What a revision of a task definition says, and how two of them differ. Values of variables are never kept.

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_ecs::types::TaskDefinition as EcsTaskDefinition;
use jiff::Timestamp;

use crate::base::Text;
use crate::changes::arn::last_part;
use crate::signals::moment::moment;

/// A revision.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TaskDefinition {
    /// `family:revision`.
    pub name: Text,
    /// Image by container.
    pub images: BTreeMap<Text, Text>,
    /// CPU units of the task; empty where only the containers say.
    pub cpu: Text,
    /// Memory of the task in MiB; empty where only the containers say.
    pub memory: Text,
    /// Names of the variables and secrets, `container/NAME`.
    pub variables: BTreeSet<Text>,
    /// When it was registered.
    pub registered_at: Option<Timestamp>,
    /// Who registered it.
    pub registered_by: Text,
}

impl TaskDefinition {
    /// From ECS's answer.
    pub fn new(arn: &str, definition: &EcsTaskDefinition) -> Self {
        let text = |value: Option<&str>| Text::new(value.unwrap_or_default());
        let mut variables = BTreeSet::new();
        let mut images = BTreeMap::new();
        for container in definition.container_definitions() {
            let name = container.name().unwrap_or_default();
            images.insert(Text::new(name), text(container.image()));
            let plain = container.environment().iter().filter_map(|variable| variable.name());
            let secret = container.secrets().iter().map(|secret| secret.name());
            variables.extend(plain.chain(secret).map(|variable| Text::new(format!("{name}/{variable}"))));
        }
        Self {
            name: last_part(definition.task_definition_arn().unwrap_or(arn)).into(),
            images,
            cpu: text(definition.cpu()),
            memory: text(definition.memory()),
            variables,
            registered_at: definition.registered_at().and_then(moment),
            registered_by: text(definition.registered_by()),
        }
    }
}

/// How two revisions differ: what was, what is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Difference {
    /// What was before, a part for each difference.
    pub before: Vec<String>,
    /// What is since, in the same order.
    pub after: Vec<String>,
    /// True when an image is another one.
    pub image: bool,
}

/// Compares a revision with the one before it.
pub fn difference(old: &TaskDefinition, new: &TaskDefinition) -> Difference {
    let mut difference = Difference::default();
    let containers: BTreeSet<&Text> = old.images.keys().chain(new.images.keys()).collect();
    for container in containers {
        let (was, is) = (old.images.get(container), new.images.get(container));
        if was != is {
            let image = |image: Option<&Text>| image.map_or_else(|| format!("no {container}"), |i| i.to_string());
            difference.before.push(image(was));
            difference.after.push(image(is));
            difference.image = true;
        }
    }
    for (what, was, is) in [("cpu", &old.cpu, &new.cpu), ("memory", &old.memory, &new.memory)] {
        if was != is {
            difference.before.push(format!("{what} {was}"));
            difference.after.push(format!("{what} {is}"));
        }
    }
    let names = |from: &BTreeSet<Text>, without: &BTreeSet<Text>| {
        from.difference(without).map(|name| name.to_string()).collect::<Vec<_>>().join(" ")
    };
    let (gone, come) = (names(&old.variables, &new.variables), names(&new.variables, &old.variables));
    if !gone.is_empty() || !come.is_empty() {
        difference.before.push(format!("variables {}", if gone.is_empty() { "–" } else { &gone }));
        difference.after.push(format!("variables {}", if come.is_empty() { "–" } else { &come }));
    }
    difference
}

#[cfg(test)]
mod tests {
    use super::*;

    fn definition(image: &str, cpu: &str, variables: &[&str]) -> TaskDefinition {
        TaskDefinition {
            images: [("app".into(), image.into())].into(),
            cpu: cpu.into(),
            variables: variables.iter().map(|name| Text::from(*name)).collect(),
            ..TaskDefinition::default()
        }
    }

    #[test]
    fn what_differs_is_told_side_by_side_and_nothing_else() {
        let (old, new) = (definition("api:1", "256", &["app/A", "app/B"]), definition("api:2", "512", &["app/A"]));
        let found = difference(&old, &new);
        assert_eq!(found.before, ["api:1", "cpu 256", "variables app/B"]);
        assert_eq!(found.after, ["api:2", "cpu 512", "variables –"]);
        assert!(found.image);
        assert_eq!(difference(&old, &old), Difference::default());
    }
}
