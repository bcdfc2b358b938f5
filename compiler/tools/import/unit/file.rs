//! The text of a unit → its assignments, each with its line.

use crate::text::narrow;
use crate::tools::import::error::ImportError;
use crate::tools::import::place::Place;
use std::sync::Arc;

/// A unit.
#[derive(Clone, Debug)]
pub(super) struct UnitFile {
    /// Its name with its kind: `web.service`.
    pub name: String,
    /// Its assignments, in order.
    pub(crate) lines: Vec<Assignment>,
    file: Arc<str>,
}

/// One assignment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Assignment {
    /// The section.
    pub(crate) section: String,
    /// The key.
    pub(crate) key: String,
    /// The value, continued lines joined by a blank.
    pub(crate) value: String,
    /// The line, from 1.
    pub(crate) number: u32,
}

/// The most bytes that a unit may have.
const LONGEST: usize = 1024 * 1024;

impl UnitFile {
    /// Reads a unit.
    pub(super) fn read(path: &str, text: &str) -> Result<Self, ImportError> {
        let file: Arc<str> = Arc::from(path);
        if text.len() > LONGEST || text.contains(['\0', '\u{e000}', '\u{e001}']) {
            return Err(ImportError::new(
                &Place::new(&file, 0, ""),
                "this is no unit: it is larger than 1 MiB, or not text",
            ));
        }
        let mut unit =
            Self { name: path.rsplit('/').next().unwrap_or_default().to_string(), lines: Vec::new(), file };
        let mut section = String::new();
        let mut lines = text.lines().enumerate();
        while let Some((number, line)) = lines.next() {
            let line = line.trim();
            if line.is_empty() || line.starts_with(['#', ';']) {
                continue;
            }
            if let Some(name) = line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
                section = name.to_string();
                continue;
            }
            let mut whole = line.to_string();
            while whole.ends_with('\\') {
                whole.pop();
                // A comment between continued lines is left out.
                let Some((_, next)) = lines.find(|(_, next)| !next.trim_start().starts_with(['#', ';']))
                else {
                    break;
                };
                whole.push(' ');
                whole.push_str(next.trim());
            }
            unit.add(&section, &whole, narrow(number) + 1)?;
        }
        Ok(unit)
    }

    fn add(&mut self, section: &str, line: &str, number: u32) -> Result<(), ImportError> {
        let Some((key, value)) = line.split_once('=') else {
            return Err(ImportError::new(&self.place(number, ""), "this is no `Key=value`"));
        };
        let (key, value) = (key.trim().to_string(), value.trim().to_string());
        if value.is_empty() {
            // An empty value takes away what stood before.
            self.lines.retain(|line| line.key != key);
            return Ok(());
        }
        self.lines.push(Assignment { section: section.to_string(), key, value, number });
        Ok(())
    }

    /// A place in it.
    pub(crate) fn place(&self, line: u32, key: &str) -> Place {
        Place::new(&self.file, line, key)
    }

    /// Its name without its kind, and without the `@` of a template.
    pub(crate) fn stem(&self) -> &str {
        let stem = self.name.rsplit_once('.').map_or(&*self.name, |(stem, _)| stem);
        stem.split('@').next().unwrap_or(stem)
    }

    /// Returns its instance, the part between `@` and its kind; none for a template, and without `@`.
    pub(crate) fn instance(&self) -> Option<&str> {
        let stem = self.name.rsplit_once('.').map_or(&*self.name, |(stem, _)| stem);
        stem.split_once('@').map(|(_, instance)| instance).filter(|instance| !instance.is_empty())
    }

    /// Returns whether the unit is a timer.
    pub(crate) fn is_timer(&self) -> bool {
        self.name.ends_with(".timer")
    }

    /// Returns whether podman makes a service of it.
    pub(crate) fn is_quadlet(&self) -> bool {
        self.name.ends_with(".container")
    }

    /// Returns whether containers of Quadlets name it.
    pub(crate) fn is_part_of_quadlets(&self) -> bool {
        [".volume", ".network", ".image", ".build", ".pod"].iter().any(|end| self.name.ends_with(end))
    }

    /// The values of a key.
    pub(super) fn all(&self, key: &str) -> impl Iterator<Item = &Assignment> {
        self.lines.iter().filter(move |line| line.key == key)
    }
}
