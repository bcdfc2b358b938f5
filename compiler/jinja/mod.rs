//! Expressions in values, and templates of artifacts. The only module that knows minijinja.

mod bounds;
mod expression;
mod names;
mod templates;
mod tokens;

pub use expression::{Expressions, Failure};
pub use minijinja::Value;
pub use templates::{Broken, SHIPPED, Templates};

pub use names::{list, map};
