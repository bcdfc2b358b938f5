//! A lock → its text, which `front/lock` reads: one block an image, sorted, made to be reviewed.

use crate::front::lock::HEAD;
use crate::kdl::write::{NodeDraft, NodeValue, nodes};
use crate::model::image::{ExposedPort, ImageConfig, LockedImage};
use crate::text::FileId;
use crate::tools::format::format;
use crate::value::image::Image;
use crate::value::platform::Platform;
use crate::value::port::Protocol;
use std::collections::BTreeMap;

const COMMENT: &str =
    "What the registries say about the images of this project. `dpc lock` writes it; commit it.";

/// The text of a lock.
pub(crate) fn text(images: &BTreeMap<Image, LockedImage>) -> String {
    let version = NodeValue::Whole(HEAD.1.parse().unwrap_or_default());
    let head = NodeDraft { comments: vec![COMMENT.to_string()], ..NodeDraft::new(HEAD.0).argument(version) };
    let images = images.iter().map(|(reference, image)| of_image(reference, image));
    let plain = nodes(&std::iter::once(head).chain(images).collect::<Vec<_>>());
    format(FileId::default(), &plain).unwrap_or(plain)
}

fn of_image(reference: &Image, image: &LockedImage) -> NodeDraft {
    let node = NodeDraft::new("image").argument(reference.as_str()).property("digest", image.digest.as_str());
    let platforms = image.platforms.iter().map(|(platform, config)| of_platform(platform, config));
    NodeDraft { apart: true, children: platforms.collect(), ..node }
}

fn of_platform(platform: &Platform, config: &ImageConfig) -> NodeDraft {
    let ImageConfig {
        digest,
        created,
        bytes,
        user,
        volumes,
        ports,
        variables,
        entrypoint,
        command,
        workdir,
        stop_signal,
        health,
        labels,
    } = config;
    let mut children = Vec::new();
    children.extend(user.iter().map(|user| NodeDraft::new("user").argument(user.to_string())));
    children.extend(volumes.iter().map(|path| NodeDraft::new("volume").argument(path.as_str())));
    children.extend(ports.iter().map(|port| of_port(port.value)));
    children.extend(words("variables", variables.iter()));
    children.extend(words("entrypoint", entrypoint.iter()));
    children.extend(words("command", command.iter()));
    children.extend(workdir.iter().map(|path| NodeDraft::new("workdir").argument(path.as_str())));
    children
        .extend(stop_signal.iter().map(|signal| NodeDraft::new("stop-signal").argument(signal.to_string())));
    children.extend(health.iter().flat_map(|health| words("health", health.iter())));
    let label = |(name, value): (&String, &String)| {
        NodeDraft::new("label").argument(name.as_str()).argument(value.as_str())
    };
    children.extend(labels.iter().map(label));
    let head = NodeDraft::new("platform").argument(platform.as_str()).property("digest", digest.as_str());
    let head = head.maybe("created", created.as_deref());
    let bytes = NodeValue::Whole(i64::try_from(*bytes).unwrap_or(i64::MAX));
    NodeDraft { children, ..head.property("bytes", bytes) }
}

fn of_port(ExposedPort { port, protocol }: ExposedPort) -> NodeDraft {
    let node = NodeDraft::new("port").argument(NodeValue::Whole(port.get().into()));
    let other = Some(protocol.as_str()).filter(|_| protocol != Protocol::Tcp);
    node.maybe("protocol", other)
}

/// A node with words, where there are any.
fn words<'w>(name: &str, words: impl Iterator<Item = &'w String>) -> Option<NodeDraft> {
    let node = words.fold(NodeDraft::new(name), |node, word| node.argument(word.as_str()));
    (!node.arguments.is_empty()).then_some(node)
}
