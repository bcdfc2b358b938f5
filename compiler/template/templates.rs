//! Templates of artifacts. The encoder of a file writes every printed value: the suffix of the file decides, and no template
//! has to remember to quote.

use super::Value;
use super::bounds::check_template;
use super::broken::{TemplateError, broken};
use super::written::{FileKind, argument, assigned, comment, encode, quoted, text_of, word, write};
use minijinja::syntax::SyntaxConfig;
use minijinja::{AutoEscape, Environment, Error, ErrorKind, Output, State};
use std::collections::BTreeMap;
use std::sync::OnceLock;

/// The templates of one build: the compiled-in ones, some of them replaced by the project's own.
#[derive(Debug)]
pub struct Templates {
    environment: OnceLock<Result<Environment<'static>, TemplateError>>,
    overrides: BTreeMap<String, String>,
}

impl PartialEq for Templates {
    fn eq(&self, other: &Self) -> bool {
        self.overrides == other.overrides
    }
}

/// The steps that are free for one rendering of a project's own template, then those that it pays for. They also limit what it
/// writes.
const FUEL: [u64; 2] = [4_000, 50_000];
/// The price of further steps of a rendering, in bytes.
const FUEL_BYTES: usize = 1024 * 1024;
/// Maximum length of a `range`: comparing lists takes a single step, however long they are.
const RANGE_MAX: usize = 1000;
/// The additional steps for each container after the first that it prints; dpc's own templates take some 150.
const FUEL_A_CONTAINER: u64 = 2_000;

/// The templates that dpc ships: file name and text.
pub const SHIPPED: &[(&str, &str)] = &[
    ("activate.j2", include_str!("../../templates/activate.j2")),
    ("container.sh.j2", include_str!("../../templates/container.sh.j2")),
    ("fleet.target.j2", include_str!("../../templates/fleet.target.j2")),
    ("plan.txt.j2", include_str!("../../templates/plan.txt.j2")),
    ("register.service.j2", include_str!("../../templates/register.service.j2")),
    ("register.sh.j2", include_str!("../../templates/register.sh.j2")),
    ("registration.j2", include_str!("../../templates/registration.j2")),
    ("reserved-ports.conf.j2", include_str!("../../templates/reserved-ports.conf.j2")),
    ("service.service.j2", include_str!("../../templates/service.service.j2")),
    ("task.service.j2", include_str!("../../templates/task.service.j2")),
    ("task.timer.j2", include_str!("../../templates/task.timer.j2")),
];

impl Templates {
    /// The shipped templates, with those of `overrides` (text by file name) in their place. Without overrides nothing can be
    /// wrong, so they are compiled when the first is printed: most analyses print nothing.
    pub fn new(overrides: BTreeMap<String, String>) -> Result<Self, TemplateError> {
        let templates = Self { environment: OnceLock::new(), overrides };
        if templates.has_own() {
            templates.environment()?;
        }
        Ok(templates)
    }

    fn environment(&self) -> Result<&Environment<'static>, TemplateError> {
        self.environment.get_or_init(|| compiled(&self.overrides)).as_ref().map_err(TemplateError::clone)
    }

    /// Returns whether the project replaces any template.
    pub(crate) fn has_own(&self) -> bool {
        !self.overrides.is_empty()
    }

    /// Returns whether the project replaces a template.
    pub(crate) fn replaces(&self, name: &str) -> bool {
        self.overrides.contains_key(name)
    }

    /// The text of every template, in order.
    pub(crate) fn texts(&self) -> String {
        let text = |(name, shipped): &(&str, &str)| {
            format!("{name}\n{}\0", self.overrides.get(*name).map_or(*shipped, String::as_str))
        };
        SHIPPED.iter().map(text).collect()
    }

    /// Renders one artifact, which prints this many containers. A project's own template asks `pay` for what it takes.
    pub fn render(
        &self,
        name: &str,
        values: Value,
        containers: usize,
        pay: impl Fn(usize) -> bool,
    ) -> Result<String, TemplateError> {
        let environment = self.environment()?;
        if !self.replaces(name) {
            return text(environment, name, values).map_err(|error| broken(name, &error));
        }
        let bounded = |fuel| bounded(environment, name, &values, containers, fuel);
        let mut rendered = bounded(FUEL[0]);
        if rendered.as_ref().is_err_and(|error| error.kind() == ErrorKind::OutOfFuel) && pay(FUEL_BYTES) {
            rendered = bounded(FUEL[1]);
        }
        let rendered = rendered.map_err(|error| broken(name, &error))?;
        if pay(rendered.len()) {
            Ok(rendered)
        } else {
            Err(TemplateError {
                template: name.to_string(),
                line: None,
                message: "the project's own templates print more than dpc takes for so many containers"
                    .into(),
            })
        }
    }
}

fn bounded(
    environment: &Environment<'static>,
    name: &str,
    values: &Value,
    containers: usize,
    fuel: u64,
) -> Result<String, Error> {
    // A clone shares the templates, and has fuel of its own.
    let mut bounded = environment.clone();
    let more = (containers as u64).saturating_sub(1).saturating_mul(FUEL_A_CONTAINER);
    bounded.set_fuel(Some(fuel.saturating_add(more)));
    text(&bounded, name, values.clone())
}

/// Compiles all templates.
fn compiled(overrides: &BTreeMap<String, String>) -> Result<Environment<'static>, TemplateError> {
    let mut environment = super::environment();
    environment.set_auto_escape_callback(|_| AutoEscape::None);
    environment.set_formatter(format);
    // Without debug mode, an optimised dpc does not say which name is undefined.
    environment.set_debug(!overrides.is_empty());
    let layout =
        SyntaxConfig::builder().keep_trailing_newline(true).trim_blocks(true).lstrip_blocks(true).build();
    environment.set_syntax(layout.map_err(|error| broken("", &error))?);
    // These could grow without taking steps.
    environment.remove_global("namespace");
    environment.remove_filter("pprint");
    environment.add_function("range", range);
    environment.add_filter("comment", comment);
    environment.add_filter("argument", argument);
    environment.add_filter("word", word);
    environment.add_filter("assigned", assigned);
    environment.add_filter("quoted", quoted);
    for (name, shipped) in SHIPPED {
        let added = match overrides.get(*name) {
            Some(own) => {
                check_template(name, own)?;
                environment.add_template_owned(*name, own.clone())
            }
            None => environment.add_template(name, shipped),
        };
        added.map_err(|error| broken(name, &error))?;
    }
    Ok(environment)
}

fn text(environment: &Environment<'_>, name: &str, values: Value) -> Result<String, Error> {
    environment.get_template(name)?.render(values)
}

fn format(out: &mut Output<'_>, state: &mut State<'_, '_>, value: &Value) -> Result<(), Error> {
    if value.is_safe() { write(out, &text_of(value)) } else { encode(FileKind::of(state.name()), value, out) }
}

/// minijinja's `range(first, end, step)`, unless it is too long.
fn range(first: isize, end: Option<isize>, step: Option<isize>) -> Result<Value, Error> {
    let numbers = minijinja::functions::range(first, end, step)?;
    match numbers.len() {
        Some(length) if length > RANGE_MAX => {
            let message = format!("a range of {length} numbers, and {RANGE_MAX} is the most");
            Err(Error::new(ErrorKind::InvalidOperation, message))
        }
        _ => Ok(numbers),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::template::bounds::STATEMENTS_MAX;
    use crate::template::{list, map};

    /// A plan in text.
    fn page(templates: &Templates, values: Value, containers: usize) -> Result<String, TemplateError> {
        templates.render("plan.txt.j2", values, containers, |_| true)
    }

    /// Returns the line and message of a template that must be refused; tests run on stacks of 2 MiB.
    fn refused(text: &str) -> (Option<usize>, String) {
        let overrides = BTreeMap::from([("plan.txt.j2".to_owned(), text.to_owned())]);
        let rendered =
            Templates::new(overrides.clone()).and_then(|templates| page(&templates, map::<&str>([]), 0));
        let broken = rendered.map(|text| text.len()).expect_err(&text[..text.len().min(60)]);
        assert_eq!(broken.template, "plan.txt.j2");
        (broken.line, broken.message)
    }

    #[test]
    fn what_does_not_end_or_grows_for_ever_takes_too_many_steps() {
        let nested = "{% for i in range(999) %}".repeat(9) + &"{% endfor %}".repeat(9);
        let written = format!("{{% for i in range(999) %}}{}{{% endfor %}}", "x".repeat(10_000));
        let kept = written.replace("%}x", "%}{% set kept %}x").replace("x{%", "x{% endset %}{%");
        let text = format!("{{% set x = '{}' %}}", "x".repeat(80_000));
        let joined = format!("{text}{{{{ x{} }}}}", " ~ x".repeat(10));
        let joined = format!("{{% for i in range(99) %}}{joined}{{% endfor %}}");
        for text in [nested, written, kept, joined] {
            let (line, message) = refused(&format!("\n\n{text}"));
            assert_eq!((line, message.as_str()), (Some(3), "it takes too many steps"));
        }
    }

    #[test]
    fn what_is_too_deep_to_be_followed_is_refused_by_its_line() {
        let deep = |first: &str, link: &str, last: &str| format!("\n{first}{}{last}", link.repeat(100_000));
        for text in [
            deep("{{ ", "-", "1 }}"),
            deep("{% set x = ", "not ", "1 %}"),
            deep("{# it's #}{{ \"}}\" ", "+1", " }}"),
            deep("{{ 'a' ", "|upper", ""),
            deep("{% if 0 %}", "{% elif 0 %}", "{% endif %}"),
            deep("", "{% if 1 %}", ""),
            deep("{% set x = [1] %}", "{% set x = [x] %}", ""),
            "\n{% set n = namespace(x=[1]) %}".to_owned(),
            "\n{{ [1] | pprint }}".to_owned(),
        ] {
            assert_eq!(refused(&text).0, Some(2));
        }
        let elif = format!("\n{{% if 0 %}}{}{{% endif %}}", "{% elif 0 %}".repeat(STATEMENTS_MAX - 2));
        let overrides = BTreeMap::from([("plan.txt.j2".to_owned(), elif)]);
        assert!(Templates::new(overrides.clone()).is_ok());
    }

    /// A fleet of so many containers, for `plan.txt.j2`.
    fn fleet(containers: usize) -> Value {
        let fact = |_| map([("name", "tmpfs"), ("value", "/tmp")].map(|(name, value)| (name, value.into())));
        let unit = move |_| {
            let names = ["name", "kind", "hash", "origin"].map(|name| (name, Value::from("x")));
            map(names.into_iter().chain([("facts", list(8, fact))]))
        };
        let host = move |_| {
            let units = ("units", list(containers, unit));
            map([("name", "h".into()), ("address", "10.0.0.11".into()), units])
        };
        map([("fleet", "shop".into()), ("environment", "".into()), ("hosts", list(1, host))])
    }

    #[test]
    fn a_large_fleet_is_printed_by_any_template_that_ends() {
        let shipped = SHIPPED.iter().find(|(name, _)| *name == "plan.txt.j2").unwrap().1.to_owned();
        for overrides in [BTreeMap::new(), BTreeMap::from([("plan.txt.j2".to_owned(), shipped)])] {
            let templates = Templates::new(overrides).unwrap();
            let text = page(&templates, fleet(20_000), 20_000).unwrap();
            assert_eq!(text.matches('\n').count(), 3 + 9 * 20_000);
        }
    }

    #[test]
    fn what_own_templates_print_is_paid_for() {
        let paid = |text: &str, room: usize| {
            let overrides = BTreeMap::from([("plan.txt.j2".to_owned(), text.to_owned())]);
            let left = std::cell::Cell::new(room);
            let pay = |bytes| left.get().checked_sub(bytes).is_some_and(|rest| left.replace(rest) >= bytes);
            let rendered = Templates::new(overrides).unwrap().render("plan.txt.j2", map::<&str>([]), 1, pay);
            rendered.map(|text| text.len()).map_err(|broken| broken.message)
        };
        let much = "the project's own templates print more than dpc takes for so many containers".to_owned();
        assert_eq!((paid("12345", 5), paid("12345", 4)), (Ok(5), Err(much)));
        let steps = "{% for i in range(9) %}{% for j in range(900) %}{% endfor %}{% endfor %}";
        assert_eq!(paid(steps, FUEL_BYTES), Ok(0));
        assert_eq!(paid(steps, FUEL_BYTES - 1), Err("it takes too many steps".to_owned()));
    }

    #[test]
    fn a_range_is_short() {
        let message = "a range of 1001 numbers, and 1000 is the most".to_owned();
        assert_eq!(refused("\n{{ range(1, 1002) | list | length }}"), (Some(2), message));
        let overrides = BTreeMap::from([("plan.txt.j2".to_owned(), "{{ range(1000) | last }}".to_owned())]);
        let rendered = page(&Templates::new(overrides).unwrap(), map::<&str>([]), 0);
        assert_eq!(rendered.as_deref(), Ok("999"));
    }

    #[test]
    fn a_nul_character_is_named_by_its_line() {
        assert_eq!(refused("a\n\0"), (Some(2), "it holds a NUL character".to_owned()));
        assert_eq!(refused("a\n\n{{ '\\u0000' | safe }}"), (Some(3), "it writes a NUL character".to_owned()));
    }
}
