//! The reader against the KDL 2 specification, against two other readers, and against input that means harm.

mod commented;
mod differential;
mod document;
mod invalid;
mod limits;
mod messages;
mod other;
mod others;
mod parts;
mod places;
mod recovery;
mod shape;
mod valid;
