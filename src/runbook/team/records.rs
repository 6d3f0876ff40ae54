//! The team's copy of the records. The local log is the truth: a copy that fails is made again from it, and neither
//! delays nor loses anything.

use std::collections::VecDeque;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::cloud::SharedTable;
use crate::cloud::shared_table::{Condition, PK};
use crate::config::paths::write_private;
use crate::model::{Fault, FaultKind, Record};
use crate::runbook::audit::{AuditError, Files, Reader};
use crate::runbook::team::fields::{item, raw};

/// How far the copy is.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
struct Position {
    table: String,
    log: String,
    seq: u64,
}

/// Copies the records of one log.
#[derive(Debug)]
pub struct Copier {
    reader: Reader,
    position: Position,
    path: PathBuf,
    /// The hash of the first record names the log among those of the team.
    log: Option<String>,
    waiting: VecDeque<Record>,
}

impl Copier {
    /// Goes on where the last one stopped; `state` is the folder that remembers it.
    pub fn open(files: Files, state: &Path, table: &str) -> Self {
        let path = state.join("team-copied.json");
        let remembered = std::fs::read(&path).ok().and_then(|bytes| serde_json::from_slice::<Position>(&bytes).ok());
        let position = remembered.filter(|position| position.table == table);
        let position = position.unwrap_or_else(|| Position { table: table.to_owned(), ..Position::default() });
        Self { reader: Reader::open(files), position, path, log: None, waiting: VecDeque::new() }
    }

    /// Records that are not copied yet, as far as was looked.
    pub fn behind(&self) -> usize {
        self.waiting.len()
    }

    /// Looks for records that have come since.
    ///
    /// # Errors
    /// The local log cannot be read.
    pub fn look(&mut self) -> Result<(), AuditError> {
        let Self { reader, position, log, waiting, .. } = self;
        reader.read(|record| {
            let log = log.get_or_insert_with(|| record.hash.clone());
            if position.log != *log {
                *position = Position { log: log.clone(), seq: 0, table: position.table.clone() };
            }
            if record.seq > position.seq {
                waiting.push_back(record.clone());
            }
        })
    }

    /// Copies what waits; how many records were copied. What could not be copied still waits.
    ///
    /// # Errors
    /// Something still waits. Trying again is safe.
    pub async fn copy(&mut self, table: &SharedTable) -> Result<usize, Fault> {
        let mut copied = 0;
        let Some(log) = self.log.clone() else { return Ok(0) };
        while let Some(record) = self.waiting.front() {
            put(table, &log, record).await?;
            self.position.seq = record.seq;
            self.waiting.pop_front();
            copied += 1;
        }
        if copied > 0 {
            let bytes = serde_json::to_vec(&self.position).unwrap_or_default();
            // A position that is forgotten costs time: what is there already is not written again.
            let _ = write_private(&self.path, &bytes);
        }
        Ok(copied)
    }
}

async fn put(table: &SharedTable, log: &str, record: &Record) -> Result<(), Fault> {
    let invalid = |says: String| Fault::new(FaultKind::Invalid, "PutItem", says);
    let text = serde_json::to_string(record).map_err(|error| invalid(error.to_string()))?;
    let (pk, sk) = (format!("records#{log}"), format!("{:012}", record.seq));
    let at = record.at.to_string();
    let texts = [
        ("record", text.as_str()),
        ("hash", &record.hash),
        ("at", &at),
        ("operator", &record.operator),
        ("principal", &record.principal),
    ];
    let condition =
        Condition { expression: "attribute_not_exists(#pk)".to_owned(), names: vec![PK], values: Vec::new() };
    if table.put(item(&pk, &sk, &texts), condition).await? {
        return Ok(());
    }
    let found = table.get(&pk, &sk).await?;
    if found.as_ref().and_then(|found| raw(found, "hash")) == Some(record.hash.as_str()) {
        return Ok(());
    }
    Err(invalid(format!("another record {} stands in the team's copy of this log", record.seq)))
}
