//! Expressions in values, and templates of artifacts. The only module that knows minijinja.

mod bounds;
mod broken;
mod expression;
mod names;
mod templates;
mod tokens;
mod written;

pub use broken::TemplateError;
pub use expression::{ExpressionError, Expressions};
pub use minijinja::{Value, context};
pub use templates::{SHIPPED, Templates};

pub use names::{list, map};

use minijinja::{Environment, UndefinedBehavior};

/// Returns minijinja for expressions and templates: an undefined name is an error, and nothing panics.
fn environment() -> Environment<'static> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    // It panics if a name in `%(…)` is not ASCII (minijinja 3.1.0); `~` joins texts too.
    environment.remove_filter("format");
    environment
}
