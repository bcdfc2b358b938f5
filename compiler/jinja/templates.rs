//! Templates of artifacts. What a template prints is written by the encoder of the file it becomes: the suffix decides,
//! no template has to remember to quote.

use super::Value;
use crate::encode::{Refused, shell, terminal, unit};
use minijinja::syntax::SyntaxConfig;
use minijinja::value::ValueKind;
use minijinja::{AutoEscape, Environment, Error, ErrorKind, Output, State, UndefinedBehavior};
use std::collections::BTreeMap;
use std::thread;

/// The templates of one build: the compiled-in ones, some of them replaced by the project's own.
pub struct Templates {
    environment: Environment<'static>,
}

/// Why a template could not be rendered.
#[derive(Debug, PartialEq, Eq)]
pub struct Broken {
    /// Its file name.
    pub template: String,
    /// The line in it.
    pub line: Option<usize>,
    /// What is wrong.
    pub message: String,
}

/// The steps that one rendering may take; the longest of ours takes a few thousand.
const FUEL: u64 = 50_000_000;

/// The most bytes of a template of the project's own.
const LONGEST: usize = 64 * 1024;
/// What reading a template takes of the stack, and for each byte of it; half of that is the most that was measured.
const STACK: usize = 2 * 1024 * 1024;
const STACK_A_BYTE: usize = 2 * 1024;

/// The templates that dpc ships: file name and text.
pub const SHIPPED: &[(&str, &str)] = &[
    ("activate.j2", include_str!("../../templates/activate.j2")),
    ("container.sh.j2", include_str!("../../templates/container.sh.j2")),
    ("fleet.target.j2", include_str!("../../templates/fleet.target.j2")),
    ("plan.txt.j2", include_str!("../../templates/plan.txt.j2")),
    ("register.service.j2", include_str!("../../templates/register.service.j2")),
    ("register.sh.j2", include_str!("../../templates/register.sh.j2")),
    ("reserved-ports.conf.j2", include_str!("../../templates/reserved-ports.conf.j2")),
    ("service.service.j2", include_str!("../../templates/service.service.j2")),
    ("task.service.j2", include_str!("../../templates/task.service.j2")),
    ("task.timer.j2", include_str!("../../templates/task.timer.j2")),
];

impl Templates {
    /// The shipped templates, with those of `overrides` (text by file name) in their place.
    pub fn new(overrides: &BTreeMap<String, String>) -> Result<Self, Broken> {
        let mut environment = Environment::new();
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        environment.set_auto_escape_callback(|_| AutoEscape::None);
        environment.set_formatter(format);
        let layout =
            SyntaxConfig::builder().keep_trailing_newline(true).trim_blocks(true).lstrip_blocks(true).build();
        environment.set_syntax(layout.map_err(|error| broken("", &error))?);
        environment.set_fuel(Some(FUEL));
        environment.add_filter("comment", comment);
        environment.add_filter("argument", argument);
        for (name, text) in SHIPPED {
            match overrides.get(*name) {
                Some(own) => add_own(&mut environment, name, own)?,
                None => environment.add_template(name, text).map_err(|error| broken(name, &error))?,
            }
        }
        Ok(Self { environment })
    }

    /// The text of one artifact.
    pub fn render(&self, name: &str, context: &Value) -> Result<String, Broken> {
        let template = self.environment.get_template(name).map_err(|error| broken(name, &error))?;
        let text = template.render(context.clone()).map_err(|error| broken(name, &error))?;
        match text.contains('\0') {
            true => {
                Err(Broken { template: name.into(), line: None, message: "it writes a NUL character".into() })
            }
            false => Ok(text),
        }
    }
}

/// A template of the project's own: with each link of a chain (`a ~ b ~ c`, `{% elif %}`) minijinja calls itself once more,
/// so it gets a stack that suffices for any chain which fits into the text.
fn add_own(environment: &mut Environment<'static>, name: &'static str, text: &str) -> Result<(), Broken> {
    let refused = |message: &str| Broken { template: name.into(), line: None, message: message.into() };
    if text.len() > LONGEST {
        return Err(refused("it is larger than 64 KiB"));
    }
    let builder = thread::Builder::new().stack_size(STACK + text.len() * STACK_A_BYTE);
    thread::scope(|scope| {
        let added = builder.spawn_scoped(scope, || environment.add_template_owned(name, text.to_string()));
        let added = added.map_err(|_| refused("there is not enough memory to read it"))?;
        let added = added.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        added.map_err(|error| broken(name, &error))
    })
}

fn broken(name: &str, error: &Error) -> Broken {
    let mut message = error.detail().map_or_else(|| error.kind().to_string(), str::to_string);
    if error.kind() == ErrorKind::OutOfFuel {
        message = "it takes too many steps".to_string();
    }
    Broken { template: error.name().unwrap_or(name).to_string(), line: error.line(), message }
}

fn format(out: &mut Output<'_>, state: &mut State<'_, '_>, value: &Value) -> Result<(), Error> {
    let text = match value.is_safe() {
        true => value.to_string(),
        false => encoded(state.name(), value).map_err(refused)?,
    };
    out.write_str(&text).map_err(|_| Error::new(ErrorKind::WriteFailure, "cannot be written"))
}

/// A value as the file that `template` becomes needs it; a list is its elements with spaces between them.
fn encoded(template: &str, value: &Value) -> Result<String, Refused> {
    if value.kind() == ValueKind::Seq {
        let elements: Result<Vec<String>, Refused> =
            value.try_iter().into_iter().flatten().map(|element| encoded(template, &element)).collect();
        return Ok(elements?.join(" "));
    }
    let text = value.to_string();
    match file_kind(template) {
        Kind::Script => shell::word(&text).map(|word| word.into_owned()),
        Kind::Unit => unit::value(&text),
        Kind::Text => Ok(terminal::line(&text).into_owned()),
    }
}

enum Kind {
    Script,
    Unit,
    Text,
}

fn file_kind(template: &str) -> Kind {
    let name = template.trim_end_matches(".j2");
    match name.rsplit_once('.').map_or(name, |(_, suffix)| suffix) {
        "sh" | "activate" => Kind::Script,
        "service" | "timer" | "target" => Kind::Unit,
        _ => Kind::Text,
    }
}

/// `{{ text | comment }}`: what stands behind a `#`.
fn comment(text: &str) -> Value {
    Value::from_safe_string(terminal::line(text).into_owned())
}

/// `{{ text | argument }}`: one argument of `ExecStart=`.
fn argument(text: &str) -> Result<Value, Error> {
    unit::argument(text).map(Value::from_safe_string).map_err(refused)
}

fn refused(why: Refused) -> Error {
    Error::new(ErrorKind::InvalidOperation, why.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn own(text: &str) -> Result<(), Broken> {
        let own = BTreeMap::from([("plan.txt.j2".to_string(), text.to_string())]);
        Templates::new(&own).map(drop)
    }

    #[test]
    fn the_longest_chains_fit_on_the_stack() {
        for (begin, link, end) in [
            ("{{ x", "()", " }}"),
            ("{{ x", "|e", " }}"),
            ("{% set x = 1", "+1", " %}"),
            ("{%if 1%}", "{%elif 1%}", "{%endif%}"),
            ("", "{{x}}", ""),
        ] {
            let links = (LONGEST - begin.len() - end.len()) / link.len();
            assert_eq!(own(&format!("{begin}{}{end}", link.repeat(links))), Ok(()), "{link}");
        }
    }

    #[test]
    fn a_template_has_a_largest_size() {
        let broken = own(&"x".repeat(LONGEST + 1)).unwrap_err();
        assert_eq!(broken.message, "it is larger than 64 KiB");
    }
}
