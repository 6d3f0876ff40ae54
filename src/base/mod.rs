//! The lowest layer: time, untrusted text and redaction. It knows nothing of AWS or of screens.

pub mod clock;
pub mod redact;
pub mod text;

pub use clock::Clock;
pub use text::Text;
