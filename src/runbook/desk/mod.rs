//! The desk for changes: takes the console's requests, starts and drives runs, and answers by message.

pub mod answer;
pub mod closed;
pub mod offering;
pub mod office;
pub mod request;

pub use answer::{Answer, Offer, OfferParam, Offered, Standings};
pub use closed::Closed;
pub use office::Desk;
pub use request::Request;
