//! Lines of a log on standard output, as text or as JSON.

use std::io::{self, BufWriter, Write};

use jiff::Timestamp;
use serde::Serialize;

use crate::inquiry::logs::LogLine;

/// One line of JSON.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Event<'l> {
    /// RFC 3339 with milliseconds.
    timestamp: String,
    stream: &'l str,
    message: &'l str,
    event_id: &'l str,
}

/// Writes lines.
pub struct Printer<'o> {
    out: BufWriter<&'o mut dyn Write>,
    json: bool,
}

impl<'o> Printer<'o> {
    /// One that writes there.
    pub fn new(out: &'o mut dyn Write, json: bool) -> Self {
        Self { out: BufWriter::new(out), json }
    }

    /// Writes lines, and all of them before it returns.
    pub fn print<'l>(&mut self, lines: impl IntoIterator<Item = &'l LogLine>) -> io::Result<()> {
        for line in lines {
            if self.json {
                let event =
                    Event { timestamp: time(line.at), stream: &line.stream, message: &line.text, event_id: &line.id };
                serde_json::to_writer(&mut self.out, &event)?;
                self.out.write_all(b"\n")?;
            } else {
                writeln!(self.out, "{}  {}  {}", time(line.at), line.stream, line.text)?;
            }
        }
        self.out.flush()
    }
}

fn time(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%S%.3fZ").to_string()
}
