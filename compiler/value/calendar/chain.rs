//! One field of a date or a time: `*`, `5`, `1..5`, `0/15`, `1,3,10..20/2`.

use crate::value::quoted;

/// A value; or a range from `start` on, by `repeat`, up to `stop` or to the end.
#[derive(Clone, Copy)]
pub(super) struct Component {
    start: i64,
    stop: Option<i64>,
    repeat: i64,
}

/// Components; none for `*`.
pub(super) struct Chain(Vec<Component>);

/// A field of a calendar: its name, unit and limits.
pub(super) struct Field {
    /// Its name, in singular.
    pub(crate) name: &'static str,
    /// The value of one unit: a million for seconds, which have fractions.
    pub(crate) unit: i64,
    /// The least value, in that unit.
    pub(crate) from: i64,
    /// The greatest value, in that unit.
    pub(crate) to: i64,
    /// A remark on the limits.
    pub(crate) limits: &'static str,
}

impl Field {
    /// Returns whether it counts from the end of a month.
    fn counts_back(&self) -> bool {
        !self.limits.is_empty()
    }
}

/// Maximum number of components that systemd takes (`CALENDARSPEC_COMPONENTS_MAX` behind the first).
const MOST: usize = 241;

/// Reads the field at the start of a text, and returns it with the rest.
pub(super) fn read(text: &str, unit: i64) -> Result<(Chain, &str), String> {
    if let Some(rest) = text.strip_prefix('*') {
        return Ok((Chain(Vec::new()), rest));
    }
    let (mut components, mut rest) = (Vec::new(), text);
    loop {
        let (component, behind) = component(rest, unit)?;
        components.push(component);
        if components.len() > MOST {
            return Err(format!("has a list of more than {MOST} values"));
        }
        match behind.strip_prefix(',') {
            Some(behind) => rest = behind,
            None => return Ok((Chain(components), behind)),
        }
    }
}

fn component(text: &str, unit: i64) -> Result<(Component, &str), String> {
    let (start, mut rest) = value(text, unit)?;
    let (mut stop, mut repeat) = (None, 0);
    if let Some(behind) = rest.strip_prefix("..") {
        let (value, behind) = value(behind, unit)?;
        (stop, repeat, rest) = (Some(value), unit, behind);
    }
    if let Some(behind) = rest.strip_prefix('/') {
        (repeat, rest) = value(behind, unit)?;
        if repeat == 0 {
            return Err("repeats every 0".to_owned());
        }
    } else if unit > 1 && stop.is_some_and(|stop| start + repeat > stop) {
        return Err("has a range of less than a second, which needs a repetition: `5..5.5/0.1`".to_owned());
    }
    if rest.is_empty() || rest.starts_with([' ', ',', '-', '~', ':']) {
        Ok((Component { start, stop, repeat }, rest))
    } else {
        Err(format!("has {} where its date or time should end", quoted(rest)))
    }
}

/// A number, with a fraction where the unit has one.
fn value(text: &str, unit: i64) -> Result<(i64, &str), String> {
    let (digits, rest) = digits(text);
    if digits.is_empty() {
        return Err(format!("has {} where a number or `*` is expected", quoted(text)));
    }
    let too_large = || "has a number that is too large".to_owned();
    let value = digits.parse::<i64>().ok().and_then(|whole| whole.checked_mul(unit)).ok_or_else(too_large)?;
    let (fraction, rest) = match rest.strip_prefix('.') {
        Some(behind) if unit > 1 && !behind.starts_with('.') => micros(behind)?,
        _ => (0, rest),
    };
    let value =
        value.checked_add(fraction).filter(|value| *value <= i64::from(i32::MAX)).ok_or_else(too_large)?;
    Ok((value, rest))
}

/// Millionths behind a point: six digits, rounded by the seventh.
fn micros(text: &str) -> Result<(i64, &str), String> {
    let (digits, rest) = digits(text);
    if digits.is_empty() {
        return Err("has a fraction without digits".to_owned());
    }
    let kept = format!("{:0<6}", &digits[..digits.len().min(6)]);
    let up = digits.as_bytes().get(6).is_some_and(|digit| *digit >= b'5');
    Ok((kept.parse().unwrap_or(0) + i64::from(up), rest))
}

fn digits(text: &str) -> (&str, &str) {
    text.split_at(text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len()))
}

impl Chain {
    /// Returns whether a value of the field is among the components.
    pub(crate) fn holds(&self, value: i64) -> bool {
        self.0.is_empty() || self.0.iter().any(|component| component.holds(value))
    }

    /// Returns whether it is `*`.
    pub(crate) fn is_any(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns the last value, if there is one.
    pub(crate) fn last(&self) -> Option<i64> {
        let last = |component: &Component| match component.stop {
            None if component.repeat > 0 => None,
            stop => Some(stop.unwrap_or(component.start)),
        };
        self.0.iter().map(last).collect::<Option<Vec<i64>>>()?.into_iter().max()
    }

    /// Completes years of two digits: 12 is 2012, 89 is 1989.
    pub(crate) fn with_centuries(mut self) -> Self {
        let full =
            |year: &mut i64| *year += [2000, 1900, 0][usize::from(*year >= 70) + usize::from(*year >= 100)];
        for component in &mut self.0 {
            full(&mut component.start);
            component.stop.iter_mut().for_each(full);
        }
        self
    }

    /// Refuses values outside the field's limits, and repetitions that never happen.
    pub(crate) fn check(&self, field: &Field) -> Result<(), String> {
        let mut components: Vec<Component> = self.0.iter().map(Component::normalized).collect();
        components.sort_by_key(|component| (component.start, component.stop, component.repeat));
        components.dedup_by_key(|component| (component.start, component.stop, component.repeat));
        // systemd 252 takes three days off the end of a month for each value of a list, in place of once.
        let less = if field.counts_back() { 3 } else { 0 };
        let limits = (0..).map(|index| Field { to: field.to - less * index, ..*field });
        components.iter().zip(limits).try_for_each(|(component, field)| component.check(&field))
    }
}

impl Component {
    fn holds(&self, value: i64) -> bool {
        let within = value >= self.start && self.stop.is_none_or(|stop| value <= stop);
        if self.repeat == 0 { value == self.start } else { within && (value - self.start) % self.repeat == 0 }
    }

    /// Normalizes like systemd's `normalize_chain`: a range ends with its last repetition, and without one it is a single
    /// value.
    fn normalized(&self) -> Self {
        let Some(stop) = self.stop.filter(|stop| *stop >= self.start && self.repeat > 0) else {
            return *self;
        };
        let length = stop - self.start;
        match length - length % self.repeat {
            0 => Self { stop: None, repeat: 0, ..*self },
            length => Self { stop: Some(self.start + length), ..*self },
        }
    }

    /// Checks like systemd's `chain_valid`.
    fn check(&self, field: &Field) -> Result<(), String> {
        let Field { name, unit, from, to, limits } = *field;
        let Self { start, stop, repeat } = *self;
        if let Some(bad) =
            [Some(start), stop].into_iter().flatten().find(|value| !(from..=to).contains(value))
        {
            let (bad, from, to) = (bad / unit, from / unit, to / unit);
            return Err(format!("has the {name} {bad}, and {name}s go from {from} to {to}{limits}"));
        }
        if repeat > to - from {
            return Err(format!("repeats every {}, which is more than there are {name}s", repeat / unit));
        }
        let counts_back = field.counts_back();
        match stop {
            Some(stop) if stop < start => Err("has a range that ends before it starts".to_owned()),
            None if counts_back && start - repeat < from => {
                Err(format!("repeats past the last of its {name}s"))
            }
            None if !counts_back && start + repeat > to => {
                Err(format!("repeats past the last of its {name}s"))
            }
            _ => Ok(()),
        }
    }
}
