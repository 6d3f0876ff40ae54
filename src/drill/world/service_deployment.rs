//! ECS service deployments: the record of every rollout of a service, which stays after its tasks are gone.

use jiff::Timestamp;

/// Records that a service keeps. ECS itself keeps them for 90 days.
pub const KEPT: usize = 50;

/// `status` of a service deployment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeploymentStatus {
    /// The scheduler has not seen it yet.
    Pending,
    /// Tasks are being replaced.
    InProgress,
    /// Steady state was reached.
    Successful,
    /// Somebody asked to stop it.
    StopRequested,
    /// It was given up where it stood.
    Stopped,
    /// The earlier revision is being put back.
    RollbackInProgress,
    /// The earlier revision runs again.
    RollbackSuccessful,
    /// Something else began before the earlier revision ran.
    RollbackFailed,
}

impl DeploymentStatus {
    /// The word of the ECS API.
    pub fn word(self) -> &'static str {
        match self {
            Self::Pending => "PENDING",
            Self::InProgress => "IN_PROGRESS",
            Self::Successful => "SUCCESSFUL",
            Self::StopRequested => "STOP_REQUESTED",
            Self::Stopped => "STOPPED",
            Self::RollbackInProgress => "ROLLBACK_IN_PROGRESS",
            Self::RollbackSuccessful => "ROLLBACK_SUCCESSFUL",
            Self::RollbackFailed => "ROLLBACK_FAILED",
        }
    }

    /// True until it is over, one way or the other.
    pub fn is_running(self) -> bool {
        matches!(self, Self::Pending | Self::InProgress | Self::StopRequested | Self::RollbackInProgress)
    }
}

/// A service deployment. Its id, without `ecs-svc/`, also names the service revision that it wanted.
#[derive(Debug, Clone, PartialEq)]
pub struct ServiceDeployment {
    /// Id of the deployment that it began as, `ecs-svc/…`.
    pub id: String,
    /// ARN of the task definition that it wanted.
    pub task_definition: String,
    /// What became of it.
    pub status: DeploymentStatus,
    /// Sentence for the status; empty where there is nothing to say.
    pub reason: String,
    /// When it was asked for.
    pub created: Timestamp,
    /// When it last changed.
    pub updated: Timestamp,
    /// When it was over.
    pub finished: Option<Timestamp>,
    /// When it was stopped.
    pub stopped: Option<Timestamp>,
    /// How it shall be stopped, from when that was asked for.
    pub stop: Option<StopType>,
    /// Its way back, where there is one.
    pub rollback: Option<Rollback>,
}

/// `stopType` of StopServiceDeployment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StopType {
    /// The last successful revision is put back.
    Rollback,
    /// Everything stays as it stands.
    Abort,
}

/// The way back of a service deployment.
#[derive(Debug, Clone, PartialEq)]
pub struct Rollback {
    /// Why.
    pub reason: String,
    /// When it began.
    pub started: Timestamp,
    /// Id of the service deployment whose revision is put back.
    pub to: String,
    /// Id of the deployment that puts it back.
    pub deployment: String,
}

impl ServiceDeployment {
    /// One that was just asked for.
    pub fn new(id: String, task_definition: String, now: Timestamp) -> Self {
        Self {
            id,
            task_definition,
            status: DeploymentStatus::Pending,
            reason: String::new(),
            created: now,
            updated: now,
            finished: None,
            stopped: None,
            stop: None,
            rollback: None,
        }
    }

    /// Goes over into a status, with its time stamps.
    pub fn turn(&mut self, status: DeploymentStatus, reason: &str, now: Timestamp) {
        self.status = status;
        reason.clone_into(&mut self.reason);
        self.updated = now;
        if !status.is_running() {
            self.finished = Some(now);
        }
        if matches!(status, DeploymentStatus::Stopped | DeploymentStatus::StopRequested) {
            self.stopped = Some(now);
        }
    }
}
