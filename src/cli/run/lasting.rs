//! Output that a run outlives: the reader may leave while something is on its way.

use std::io::{self, ErrorKind, Write};

/// Writes to `out` for as long as it takes anything; what comes later is dropped. A run goes on without a reader, and
/// its exit code says how it ended.
pub(super) struct Lasting<'a> {
    out: &'a mut dyn Write,
    gone: bool,
}

impl<'a> Lasting<'a> {
    /// In front of `out`.
    pub fn new(out: &'a mut dyn Write) -> Self {
        Self { out, gone: false }
    }

    fn unless_gone<T>(&mut self, done: io::Result<T>, dropped: T) -> io::Result<T> {
        match done {
            Err(error) if error.kind() != ErrorKind::Interrupted => {
                self.gone = true;
                tracing::warn!(%error, "nobody reads the output any more");
                Ok(dropped)
            }
            done => done,
        }
    }
}

impl Write for Lasting<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.gone {
            return Ok(bytes.len());
        }
        let done = self.out.write(bytes);
        self.unless_gone(done, bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.gone {
            return Ok(());
        }
        let done = self.out.flush();
        self.unless_gone(done, ())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Takes one line.
    struct Reader(Vec<u8>);

    impl Write for Reader {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            if self.0.contains(&b'\n') {
                return Err(ErrorKind::BrokenPipe.into());
            }
            self.0.extend(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_reader_that_leaves_stops_nothing() {
        let mut reader = Reader(Vec::new());
        let mut out = Lasting::new(&mut reader);
        for line in ["one\n", "two\n", "three\n"] {
            out.write_all(line.as_bytes()).unwrap();
            out.flush().unwrap();
        }
        assert_eq!(reader.0, b"one\n");
    }
}
