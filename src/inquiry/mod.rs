//! Questions that are asked because the operator looks at something: a task each, answered by message.
//!
//! They use the pollers' sessions. A new question of the same kind replaces the one under way.

pub mod answer;
pub mod changes;
pub mod charts;
pub mod compare;
pub mod desk;
pub mod logs;
pub mod past;
pub mod question;
pub mod raw;
pub mod room;
pub mod work;

pub use answer::Answer;
pub use changes::ChangesQuestion;
pub use compare::CompareQuestion;
pub use desk::Desk;
pub use past::PastQuestion;
pub use question::{Question, Slot};
pub use raw::RawAsked;
pub use room::Room;

/// IAM actions that the questions need besides those of signals and changes.
pub const PERMISSIONS: &[&str] = &[
    "ecs:DescribeClusters",
    "ecs:DescribeTaskDefinition",
    "kafka:DescribeClusterV2",
    "lambda:GetFunctionConfiguration",
    "logs:DescribeLogGroups",
    "logs:FilterLogEvents",
];
