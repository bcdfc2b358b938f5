//! `var` and `--var` → the value of every variable.

use super::EXPRESSION;
use super::layers::Layers;
use super::reading::refused;
use crate::diagnostic::{Diagnostic, Fault, Report};
use crate::kdl::Entry;
use crate::value::suggest::nearest;
use crate::value::variable::Variable;
use std::collections::BTreeMap;

/// `--var` for a variable that is not declared.
pub(crate) const UNKNOWN_VARIABLE: Fault = Fault::error(
    "unknown-variable",
    "`--var` gives a value to a declared variable",
    "A value for a variable that nothing declares reaches nothing: the build would deploy the old tag and say that all is \
     well.",
);
/// A variable without a value.
pub(crate) const MISSING_VARIABLE: Fault = Fault::error(
    "missing-variable",
    "every variable has a value",
    "A variable without a value in the files says that each build must give one.",
);

/// The value of each declared variable: from the command line, the environment or its declaration.
pub(crate) fn variables<'t>(
    layers: &Layers<'t, '_>,
    given: &BTreeMap<String, String>,
    report: &mut Report,
) -> BTreeMap<&'t str, String> {
    for name in given.keys().filter(|name| !layers.vars.contains_key(name.as_str())) {
        report.push(unknown(name, layers));
    }
    let mut values = BTreeMap::new();
    for (name, var) in &layers.vars {
        let argument = var.node.arguments().next();
        if let (Err(invalid), Some(entry)) = (Variable::parse(name), argument) {
            report.push(refused(invalid, entry.value_span()));
        }
        let written = var.node.arguments().nth(1).and_then(Entry::as_text).map(str::to_string);
        let entry = var.node.arguments().nth(1);
        if let Some(entry) = entry.filter(|entry| entry.as_text().is_some_and(|text| text.contains("{{"))) {
            report.push(
                Diagnostic::new(&EXPRESSION, format!("the variable `{name}` holds an expression"))
                    .at(entry.value_span(), "never filled in")
                    .help("a variable is text as it stands: put the expression where the variable is used"),
            );
        }
        match given.get(*name).cloned().or(written) {
            Some(value) => {
                values.insert(*name, value);
            }
            None => report.push(
                Diagnostic::new(&MISSING_VARIABLE, format!("the variable `{name}` has no value"))
                    .at(var.node.span(), "declared without a value")
                    .help(format!("build with `--var {name}=…`, or write a value here")),
            ),
        }
    }
    values
}

fn unknown(name: &str, layers: &Layers<'_, '_>) -> Diagnostic {
    Diagnostic::new(&UNKNOWN_VARIABLE, format!("`--var {name}`: there is no variable `{name}`")).help(
        match nearest(name, layers.vars.keys().copied()) {
            Some(meant) => format!("did you mean `{meant}`?"),
            None => format!("declare it: `var \"{name}\" \"…\"`"),
        },
    )
}
