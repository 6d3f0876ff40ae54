//! Application Auto Scaling: scalable targets, target tracking policies and scaling activities.

use jiff::Timestamp;

/// A resource whose capacity is scaled, e.g. an ECS service's desired count.
#[derive(Debug, Clone)]
pub struct ScalableTarget {
    /// e.g. `ecs`.
    pub service_namespace: String,
    /// e.g. `service/uex-payments-prod/uex-backend`.
    pub resource_id: String,
    /// e.g. `ecs:service:DesiredCount`.
    pub dimension: String,
    /// Lower bound.
    pub min: u32,
    /// Upper bound.
    pub max: u32,
    /// ARN.
    pub arn: String,
    /// Service-linked role.
    pub role: String,
    /// When it was registered.
    pub created: Timestamp,
    /// Its policies.
    pub policies: Vec<ScalingPolicy>,
    /// Newest first, up to 50.
    pub activities: Vec<ScalingActivity>,
}

/// A target tracking policy.
#[derive(Debug, Clone)]
pub struct ScalingPolicy {
    /// Name.
    pub name: String,
    /// ARN.
    pub arn: String,
    /// e.g. `ECSServiceAverageCPUUtilization`.
    pub metric: String,
    /// Wanted value, percent.
    pub target: f64,
    /// Seconds after scaling out.
    pub scale_out_cooldown_s: u32,
    /// Seconds after scaling in.
    pub scale_in_cooldown_s: u32,
}

/// A change that a policy made.
#[derive(Debug, Clone)]
pub struct ScalingActivity {
    /// UUID.
    pub id: String,
    /// e.g. `Setting desired count to 8.`
    pub description: String,
    /// Why.
    pub cause: String,
    /// When it began.
    pub started: Timestamp,
    /// When the wanted tasks ran; `None`: they do not yet, or another change overtook it.
    pub ended: Option<Timestamp>,
}
