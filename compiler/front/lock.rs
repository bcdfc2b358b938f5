//! `dpc.lock` → what it says of each image.
//!
//! The file is KDL that `dpc lock` writes (`tools/lock`). What cannot be read is said, and the lock then stands for nothing: a
//! build with half a lock would be a build of other images.

use super::parse::syntax_error;
use crate::diagnostic::{Diagnostic, Fault, Report};
use crate::front::limits::{MOST_OF_A_KIND, TOO_LARGE};
use crate::kdl::{self, Entry, Node, Value};
use crate::model::image::{ExposedPort, ImageConfig, Lock, LockedImage};
use crate::project::{LARGEST_KDL, Project, Unreadable, text_in_place};
use crate::text::{FileId, Located, Sources, Span};
use crate::value::Invalid;
use crate::value::digest::Digest;
use crate::value::image::Image;
use crate::value::path::ContainerPath;
use crate::value::platform::Platform;
use crate::value::port::{Port, Protocol};
use crate::value::signal::Signal;
use crate::value::user::User;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The file, beside the entry.
pub const LOCK: &str = "dpc.lock";
/// The node that it begins with, and its only version.
pub(crate) const HEAD: (&str, &str) = ("dpc-lock", "1");

/// A lock that is not as it was written.
pub(crate) const BROKEN_LOCK: Fault = Fault::error(
    "broken-lock",
    "`dpc.lock` is as `dpc lock` writes it",
    "What runs is what the lock names. A merge that went wrong, or an edit by hand, could make a build of images that nobody \
     looked at.",
);

/// Reads the lock of a project; one without a lock has an empty one.
pub(crate) fn lock(project: &dyn Project, sources: &mut Sources, report: &mut Report) -> Lock {
    let entry = Span::default();
    let text = match text_in_place(project, LOCK, LARGEST_KDL) {
        Err(Unreadable::Missing) => return Lock::default(),
        Err(why) => {
            report.push(broken(entry, format!("`{LOCK}` {}", why.words())));
            return Lock::default();
        }
        Ok(text) => text,
    };
    let Ok(file) = sources.add(LOCK.to_string(), text) else {
        report.push(broken(entry, format!("`{LOCK}` {}", Unreadable::TooMuch.words())));
        return Lock::default();
    };
    read(file, sources, report).unwrap_or_default()
}

fn read(file: FileId, sources: &Sources, report: &mut Report) -> Option<Lock> {
    let read = kdl::read(file, Arc::clone(&sources.get(file).text));
    let mut reader = LockReader { report, is_whole: read.errors.is_empty() };
    read.errors.into_iter().for_each(|error| reader.report.push(syntax_error(error).help(AGAIN)));
    let mut nodes = read.document.nodes();
    if !reader.is_whole {
        return None;
    }
    let Some(head) = nodes.next() else {
        reader.broken(Span::new(file, 0, 0), format!("a lock begins with `{} {}`", HEAD.0, HEAD.1));
        return None;
    };
    reader.head(head);
    let mut images = BTreeMap::new();
    for node in nodes {
        let Some((reference, image)) = reader.image(node) else { continue };
        if images.insert(reference, image).is_some() {
            reader.broken(node.span(), "the lock has this image twice");
        }
    }
    reader.is_whole.then(|| Lock { span: Some(head.span()), images })
}

const AGAIN: &str = "mend it, or let `dpc lock --update` ask for every image again";

fn broken(span: Span, message: impl Into<String>) -> Diagnostic {
    Diagnostic::new(&BROKEN_LOCK, message).at(span, "").help(AGAIN)
}

struct LockReader<'r> {
    report: &'r mut Report,
    /// Set while nothing was wrong.
    is_whole: bool,
}

impl LockReader<'_> {
    fn broken(&mut self, span: Span, message: impl Into<String>) {
        self.is_whole = false;
        self.report.push_error(|| broken(span, message));
    }

    fn head(&mut self, node: Node<'_>) {
        let version = node.arguments().next().map(Entry::value);
        match version {
            Some(Value::Number(version)) if node.name() == HEAD.0 && version == HEAD.1 => {}
            Some(Value::Number(version)) if node.name() == HEAD.0 => {
                let message = format!("this lock has version {version}, and this dpc reads {}", HEAD.1);
                self.broken(node.span(), message);
            }
            _ => self.broken(node.span(), format!("a lock begins with `{} {}`", HEAD.0, HEAD.1)),
        }
    }

    fn image(&mut self, node: Node<'_>) -> Option<(Image, LockedImage)> {
        if node.name() != "image" {
            self.unknown(node);
            return None;
        }
        let reference = self.argument(node, Image::parse);
        let digest = self.property(node, "digest", Digest::parse);
        let mut platforms = BTreeMap::new();
        for child in node.children().into_iter().flatten() {
            if child.name() != "platform" {
                self.unknown(child);
                continue;
            }
            let platform = self.argument(child, Platform::parse);
            let digest = self.property(child, "digest", Digest::parse);
            let config = digest.map(|digest| Arc::new(self.config(child, digest)));
            platforms.extend(platform.map(|platform| platform.value).zip(config));
        }
        Some((reference?.value, LockedImage { span: node.span(), digest: digest?, platforms }))
    }

    fn config(&mut self, platform: Node<'_>, digest: Digest) -> ImageConfig {
        let text = |name| platform.property(name).and_then(Entry::as_text).map(ToString::to_string);
        let mut config = ImageConfig { created: text("created"), ..ImageConfig::new(digest) };
        config.bytes = self.number(platform, "bytes");
        let nodes = platform.children().into_iter().flatten();
        for (at, node) in nodes.enumerate() {
            if at == MOST_OF_A_KIND * 4 {
                self.is_whole = false;
                self.report.push_error(|| {
                    Diagnostic::new(&TOO_LARGE, "an image with too many settings")
                        .at(node.span(), "one too many")
                });
                break;
            }
            self.setting(node, &mut config);
        }
        config.volumes.sort_by(|one, other| one.value.cmp(&other.value));
        config.ports.sort_by_key(|port| port.value);
        config
    }

    fn setting(&mut self, node: Node<'_>, config: &mut ImageConfig) {
        match node.name() {
            "user" => config.user = self.argument(node, User::parse),
            "volume" => config.volumes.extend(self.argument(node, ContainerPath::parse)),
            "port" => config.ports.extend(self.port(node)),
            "variables" => config.variables = self.words(node).into_iter().collect(),
            "entrypoint" => config.entrypoint = self.words(node),
            "command" => config.command = self.words(node),
            "workdir" => config.workdir = self.argument(node, ContainerPath::parse),
            "stop-signal" => config.stop_signal = self.argument(node, Signal::parse),
            "health" => config.health = Some(Located::new(self.words(node), node.span())),
            "label" => {
                if let [name, value] = &self.words(node)[..] {
                    config.labels.insert(name.clone(), value.clone());
                }
            }
            _ => self.unknown(node),
        }
    }

    fn unknown(&mut self, node: Node<'_>) {
        self.broken(node.span(), format!("a lock has no `{}` here", node.name()));
    }

    fn port(&mut self, node: Node<'_>) -> Option<Located<ExposedPort>> {
        let number = match node.arguments().next().map(Entry::value) {
            Some(Value::Number(number)) => Port::parse(number),
            _ => Err(Invalid::new("this is not a port")),
        };
        let port = self.valid(number, node.span())?;
        let protocol = node.property("protocol").map(|entry| entry.as_text().unwrap_or_default());
        let protocol = protocol.map_or(Ok(Protocol::Tcp), Protocol::parse);
        let protocol = self.valid(protocol, node.span())?;
        Some(Located::new(ExposedPort { port, protocol }, node.span()))
    }

    fn words(&mut self, node: Node<'_>) -> Vec<String> {
        let words: Option<Vec<String>> =
            node.arguments().map(|entry| Some(entry.as_text()?.to_string())).collect();
        words.unwrap_or_else(|| {
            self.broken(node.span(), "this is not text");
            Vec::new()
        })
    }

    fn number(&mut self, node: Node<'_>, name: &str) -> u64 {
        let number = match node.property(name).map(Entry::value) {
            Some(Value::Number(number)) => number.parse().ok(),
            _ => None,
        };
        number.unwrap_or_else(|| {
            self.broken(node.span(), format!("`{name}=` is not a number"));
            0
        })
    }

    fn argument<T>(&mut self, node: Node<'_>, parse: fn(&str) -> Result<T, Invalid>) -> Option<Located<T>> {
        let text = node.arguments().next().and_then(Entry::as_text).unwrap_or_default();
        self.valid(parse(text), node.span()).map(|value| Located::new(value, node.span()))
    }

    fn property<T>(
        &mut self,
        node: Node<'_>,
        name: &str,
        parse: fn(&str) -> Result<T, Invalid>,
    ) -> Option<T> {
        let text = node.property(name).and_then(Entry::as_text).unwrap_or_default();
        self.valid(parse(text), node.span())
    }

    fn valid<T>(&mut self, value: Result<T, Invalid>, span: Span) -> Option<T> {
        value.map_err(|invalid| self.broken(span, invalid.message)).ok()
    }
}
