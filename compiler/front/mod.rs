//! Text in, plan out: each stage is one public function in the file that is called after it. No disk, environment, clock or
//! thread is used here but through the doors `project` and `large`.

pub mod check;
pub mod faults;
pub mod graph;
pub(crate) mod known_images;
pub mod limits;
pub mod lock;
pub mod parse;
pub mod plan;
pub mod read;
pub mod resolve;
