//! Whether the process that took something still lives, as far as this machine can tell.

use std::fs;

use serde::{Deserialize, Serialize};

/// A process of this machine.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Owner {
    /// Its number.
    pub pid: u32,
    /// Names the time since the machine was started (Linux, `/proc/sys/kernel/random/boot_id`); empty where it is not
    /// known.
    pub boot: String,
    /// When it was started, in ticks since then (proc_pid_stat(5), field 22): numbers are used again.
    pub began: Option<u64>,
}

/// Whether it lives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Life {
    /// It runs.
    Lives,
    /// It is gone.
    Gone,
    /// It ran on another machine, or before this one was restarted.
    Elsewhere,
    /// This machine does not tell.
    Unknown,
}

impl Owner {
    /// This process.
    pub fn this() -> Self {
        let pid = std::process::id();
        let boot = fs::read_to_string("/proc/sys/kernel/random/boot_id").unwrap_or_default().trim().to_owned();
        Self { pid, boot, began: began(pid) }
    }

    /// Whether `self` lives, seen from the process `here`.
    pub fn life(&self, here: &Self) -> Life {
        if self == here {
            return Life::Lives;
        }
        if self.boot.is_empty() || here.boot.is_empty() || self.began.is_none() {
            return Life::Unknown;
        }
        if self.boot != here.boot {
            return Life::Elsewhere;
        }
        if began(self.pid) == self.began { Life::Lives } else { Life::Gone }
    }
}

/// When a process was started; `None` where there is none with this number.
fn began(pid: u32) -> Option<u64> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // The name, in parentheses, may contain anything; the fields after it are numbered from 3.
    let (_, fields) = stat.rsplit_once(')')?;
    fields.split_whitespace().nth(22 - 3)?.parse().ok()
}
