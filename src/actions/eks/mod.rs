//! Actions on EKS: the number of nodes of a managed node group.

pub mod nodegroup;
pub mod nodegroup_scale;
pub mod sizes;
