//! Task definitions: size, and what each container runs. Of variables and secrets only the names.

use aws_sdk_ecs::types::{ContainerDefinition, TaskDefinition};

use crate::compare::setting::{Configured, Setting, Value};
use crate::model::Fault;

const KEYS: [&str; 6] = ["cpu_units", "memory_mb", "architecture", "network_mode", "task_role", "execution_role"];

/// The settings of the task as a whole.
pub(super) fn settings(definition: &TaskDefinition) -> Vec<Setting> {
    let number = |text: Option<&str>| Value::number(text.and_then(|text| text.parse::<f64>().ok()));
    let platform = definition.runtime_platform().and_then(|platform| platform.cpu_architecture());
    // Without a platform it is X86_64 (ECS API Reference, RuntimePlatform).
    let architecture = platform.map_or("X86_64", |architecture| architecture.as_str());
    let [cpu, memory, cpu_kind, network, task, execution] = KEYS;
    vec![
        Setting::new(cpu, number(definition.cpu())),
        Setting::new(memory, number(definition.memory())),
        Setting::new(cpu_kind, Value::text(Some(architecture))),
        Setting::new(network, Value::text(definition.network_mode().map(|mode| mode.as_str()))),
        Setting::names(task, Value::text(definition.task_role_arn())),
        Setting::names(execution, Value::text(definition.execution_role_arn())),
    ]
}

/// The same where the definition could not be read.
pub(super) fn unknown(fault: &Fault) -> Vec<Setting> {
    KEYS.map(|key| Setting::new(key, Value::Unknown(fault.clone()))).into()
}

/// A part for each container, named `CLUSTER/SERVICE/CONTAINER`.
pub(super) fn containers(kind: &str, service: &str, definition: &TaskDefinition) -> Vec<Configured> {
    definition.container_definitions().iter().map(|container| one(kind, service, container)).collect()
}

fn one(kind: &str, service: &str, container: &ContainerDefinition) -> Configured {
    let (repository, version) = image(container.image().unwrap_or_default());
    let check = container.health_check();
    let ports = container.port_mappings().iter().filter_map(|port| port.container_port()).map(|port| port.to_string());
    let log = container.log_configuration();
    let settings = vec![
        Setting::names("image", Value::text(Some(repository))),
        Setting::new("image_version", Value::text(version)),
        Setting::new("cpu_units", Value::Number(f64::from(container.cpu()))),
        Setting::new("memory_mb", Value::number(container.memory().or(container.memory_reservation()))),
        Setting::new("essential", Value::Bool(container.essential().unwrap_or(true))),
        Setting::new("ports", Value::list(ports)),
        Setting::new(
            "variable_names",
            Value::list(container.environment().iter().filter_map(|variable| variable.name())),
        ),
        Setting::new("secret_names", Value::list(container.secrets().iter().map(|secret| secret.name()))),
        Setting::new("health_check", Value::text(check.map(|check| check.command().join(" ")))),
        Setting::new("health_check_interval_s", Value::number(check.and_then(|check| check.interval()))),
        Setting::new("health_check_retries", Value::number(check.and_then(|check| check.retries()))),
        Setting::new("log_driver", Value::text(log.map(|log| log.log_driver().as_str()))),
        Setting::new("read_only_root", Value::Bool(container.readonly_root_filesystem().unwrap_or(false))),
    ];
    Configured::part(kind, format!("{service}/{}", container.name().unwrap_or_default()), settings)
}

/// Repository and tag or digest; a colon before the last `/` is a registry's port.
fn image(image: &str) -> (&str, Option<&str>) {
    if let Some((repository, digest)) = image.split_once('@') {
        return (
            repository.rsplit_once(':').filter(|(_, tag)| !tag.contains('/')).map_or(repository, |(r, _)| r),
            Some(digest),
        );
    }
    match image.rsplit_once(':') {
        Some((repository, tag)) if !tag.contains('/') => (repository, Some(tag)),
        _ => (image, None),
    }
}

#[cfg(test)]
mod tests {
    use super::image;

    #[test]
    fn images_are_repository_and_version() {
        let ecr = "1.dkr.ecr.eu-west-1.amazonaws.com/api";
        assert_eq!(image(&format!("{ecr}:1.2")), (ecr, Some("1.2")));
        assert_eq!(image(&format!("{ecr}:1.2@sha256:ab")), (ecr, Some("sha256:ab")));
        assert_eq!(image("localhost:5000/api"), ("localhost:5000/api", None));
        assert_eq!(image("redis"), ("redis", None));
    }
}
