//! Volumes, config files and directories in memory.

use super::draft::WorkloadDraft;
use super::target::target;
use super::together::Together;
use crate::front::known_images::{Lacking, shipped_of};
use crate::kdl::write::{NodeDraft, NodeValue};
use crate::tools::import::found::{Found, FoundFile, FoundMount, FoundTmpfs, MountSource, Setting};
use crate::tools::import::place::Place;
use crate::tools::import::report::Handling;
use crate::tools::import::shell::OPEN;
use crate::tools::known_images;
use crate::value::image::Image;
use crate::value::mode::Mode;
use crate::value::mounting::{Propagation, VolumeLabel};
use crate::value::path::{HostPath, ProjectPath, must_not_be_writable, named_way, path_to_root};
use crate::value::size::Size;
use crate::value::user::Owner;
use std::collections::BTreeMap;

/// The writers of every source. A source with several writers is marked as shared.
pub(super) struct MountWriters {
    /// The first container that writes there, and whether another one does too.
    writers: BTreeMap<MountSource, (usize, bool)>,
    /// The number of mounts of each source.
    mounted: BTreeMap<MountSource, usize>,
    volumes: BTreeMap<String, String>,
}

impl MountWriters {
    /// Everything that is mounted.
    pub(super) fn new(found: &Found) -> Self {
        let (mut writers, mut mounted) = (BTreeMap::new(), BTreeMap::new());
        for (index, container) in found.containers.iter().enumerate() {
            for setting in &container.settings {
                let Setting::Mount(mount) = &setting.value else { continue };
                *mounted.entry(mount.source.clone()).or_default() += 1;
                if !mount.read_only {
                    let (first, several) = writers.entry(mount.source.clone()).or_insert((index, false));
                    *several |= *first != index;
                }
            }
        }
        Self { writers, mounted, volumes: found.volumes.clone() }
    }

    /// Returns whether another container writes there too.
    fn shared(&self, index: usize, source: &MountSource) -> bool {
        let others = |(first, several): &(usize, bool)| *several || *first != index;
        match source {
            MountSource::Anonymous => false,
            MountSource::Host(path) => self.writers_near(path).any(others),
            source => self.writers.get(source).is_some_and(others),
        }
    }

    /// Returns the writers of a path of the host, above it and below it.
    fn writers_near(&self, path: &str) -> impl Iterator<Item = &(usize, bool)> {
        let host = |path: &str| MountSource::Host(path.to_string());
        let path = path.trim_end_matches('/');
        // The kernel opens no longer path, and looking at every part of one would take too long.
        let parts = if path.len() > 4095 { 0 } else { path.len() };
        let above = path.match_indices('/').map(|(at, _)| &path[..at]).take(parts).chain([path]);
        let above = above.flat_map(move |path| [host(path), host(&format!("{path}/"))]);
        let below = self.writers.range(host(&format!("{path}/"))..host(&format!("{path}0")));
        above.filter_map(|path| self.writers.get(&path)).chain(below.map(|(_, writers)| writers))
    }
}

/// Writes a setting of this family; says whether it is one.
pub(crate) fn take(draft: &mut WorkloadDraft<'_, '_>, setting: &Setting, place: &Place) -> bool {
    match setting {
        Setting::Mount(found) => mount(draft, found, place),
        Setting::Tmpfs(found) => tmpfs(draft, found, place),
        Setting::File(found) => file(draft, found, place),
        Setting::Wrote(path, in_image) => super::wrote::written_directory(draft, path, *in_image, place),
        _ => return false,
    }
    true
}

fn mount(draft: &mut WorkloadDraft<'_, '_>, mount: &FoundMount, place: &Place) {
    if super::code::is_code(draft, mount) {
        let words = format!("`{}` is in the image, which is built from it: it is not mounted", mount.target);
        return draft.say(Handling::Changed, place, words);
    }
    if !target(draft, &mount.target, place) {
        return;
    }
    let mut node = NodeDraft::new("volume").argument(mount.target.as_str());
    for option in &mount.options {
        if !known_option(&mut node, option) {
            let (fate, words) = option_words(option);
            draft.say(fate, place, format!("`{option}` {words}"));
        }
    }
    match &mount.source {
        MountSource::Anonymous => {
            let node = flags(draft, node, mount);
            let node = owned(draft, node, mount, place);
            draft.put(node);
            draft.say(
                Handling::Changed,
                place,
                format!("`{}` is a directory of the host now, and outlives the container", mount.target),
            );
        }
        MountSource::Named(name) => named(draft, node, mount, name, place),
        MountSource::Host(path) => host(draft, node, mount, path, place),
        MountSource::Relative(path) => relative(draft, node, mount, path, place),
    }
}

/// Adds what a well-known image writes and nothing mounts: docker let it write into its layers, or into a volume without a name.
pub(super) fn lacking(draft: &mut WorkloadDraft<'_, '_>) {
    let container = draft.container();
    let image = super::listening::image(container).and_then(|image| Image::parse(image).ok());
    let known = image.as_ref().and_then(|image| shipped_of(image.name()));
    let (Some(image), Some(known)) = (image.as_ref(), known) else { return };
    if draft.task || draft.has("entrypoint") {
        return;
    }
    let place = &container.name.place;
    // An import writes `read-only #false` alone.
    let read_only = !draft.has("read-only");
    for lacking in known.lacking(image.tag(), &draft.mounted(), read_only) {
        match lacking {
            Lacking::Volume(path) => {
                mount(draft, &FoundMount { target: path.to_string(), ..FoundMount::default() }, place);
            }
            Lacking::Tmpfs(path) => {
                draft.put(NodeDraft::new("tmpfs").argument(path));
                draft.say(
                    Handling::Changed,
                    place,
                    format!("its start writes `{path}`, which is in memory here"),
                );
            }
            Lacking::WritableRoot(path) => {
                draft.put(NodeDraft::new("read-only").argument(NodeValue::Flag(false)));
                draft.say(
                    Handling::Changed,
                    place,
                    format!("its start changes `{path}`: its root can be written"),
                );
            }
        }
    }
}

/// Returns an option as docker's short form has it: `z`, `rslave`.
fn mode_of(option: &str) -> &str {
    let prefixes = ["bind-propagation=", "bind.propagation=", "bind.selinux="];
    prefixes.iter().find_map(|prefix| option.strip_prefix(prefix)).unwrap_or(option)
}

/// Writes an option as the property that says the same; says whether there is one.
fn known_option(node: &mut NodeDraft, option: &str) -> bool {
    let mode = mode_of(option);
    let (name, value) = match (VolumeLabel::of_letter(mode), Propagation::parse(mode)) {
        (Some(label), _) => ("selinux", label.as_str()),
        (None, Ok(Propagation::Rprivate)) => return true,
        (None, Ok(propagation)) => ("propagation", propagation.as_str()),
        (None, Err(_)) => return false,
    };
    node.properties.retain(|(other, _)| other != name);
    node.properties.push((name.to_string(), NodeValue::from(value)));
    true
}

/// The handling of an option that dpc has no word for.
fn option_words(option: &str) -> (Handling, &'static str) {
    match option {
        "bind.create_host_path=false" => {
            (Handling::Carried, "is so for every directory outside of `data-root`")
        }
        _ if option.starts_with("volume.subpath=") || option.starts_with("volume-subpath=") => {
            (Handling::Lost, "mounts a part of the volume; dpc has no word for it: write `from=`")
        }
        _ => (Handling::Changed, "says nothing about a directory of the host under dpc"),
    }
}

/// Gives a directory the owner that docker would copy from the image.
fn owned(draft: &mut WorkloadDraft<'_, '_>, node: NodeDraft, mount: &FoundMount, place: &Place) -> NodeDraft {
    let container = draft.container();
    let numeric = container.settings.iter().any(|setting| match &setting.value {
        Setting::User(user) => user.starts_with(|c: char| c.is_ascii_digit()),
        _ => false,
    });
    if mount.read_only || numeric {
        return node;
    }
    let image = super::listening::image(container).unwrap_or_default();
    match known_images::owner(image, &mount.target) {
        Some(("0:0", None)) => node,
        Some((owner, mode)) => {
            let words = format!("it belongs to {owner}, as in the image");
            draft.say(Handling::Changed, place, words);
            node.property("owner", owner).maybe("mode", mode)
        }
        None => {
            let item = format!("`{}` {}", draft.name(), mount.target);
            let words = "docker gives it the owner that the image has there; here it is root";
            draft.decide_together(Together::Owners, place, item, words);
            node
        }
    }
}

fn flags(draft: &WorkloadDraft<'_, '_>, mut node: NodeDraft, mount: &FoundMount) -> NodeDraft {
    if mount.read_only {
        node.properties.push(("read-only".to_string(), NodeValue::Flag(true)));
    } else if draft.known.sources.shared(draft.index, &mount.source) {
        node.properties.push(("shared".to_string(), NodeValue::Flag(true)));
    }
    node
}

fn named(draft: &mut WorkloadDraft<'_, '_>, node: NodeDraft, mount: &FoundMount, name: &str, place: &Place) {
    let elsewhere = draft.known.sources.volumes.get(name).cloned();
    let several = draft.known.sources.mounted.get(&mount.source).is_some_and(|count| *count > 1);
    let folder: String = name
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-') { c } else { '-' })
        .collect();
    let from = match elsewhere {
        Some(path) => Some(path),
        None => several.then(|| common(draft, folder)),
    };
    let node = flags(draft, node.maybe("from", from), mount);
    let node = owned(draft, node, mount, place);
    draft.put(node);
    let words = format!("the volume `{name}` is a directory of the host now: copy its data there");
    draft.say(Handling::Changed, place, words);
}

/// Returns a directory for several services: not one that holds the volumes of a single service.
fn common(draft: &WorkloadDraft<'_, '_>, mut folder: String) -> String {
    while draft.known.names.is_taken(&folder) {
        folder.push_str("-data");
    }
    format!("/srv/{}/{folder}", draft.known.fleet)
}

fn host(draft: &mut WorkloadDraft<'_, '_>, node: NodeDraft, mount: &FoundMount, path: &str, place: &Place) {
    if path.starts_with(OPEN) {
        let node = flags(draft, node.property("from", path), mount);
        return draft.carry(node, place);
    }
    let Ok(parsed) = HostPath::parse(path) else {
        let words = format!("`{path}` depends on who asks: it is a directory of its own, or write `from=`");
        let node = flags(draft, node, mount);
        draft.put(node);
        return draft.decide_together(Together::Data, place, format!("`{path}`"), words);
    };
    let node = node.property("from", path);
    // A socket of docker's is a socket, read-only or not.
    let may_be = mount.read_only || path.ends_with(".sock");
    let forbidden = must_not_be_writable(&parsed.real()).filter(|_| !may_be);
    let way = path_to_root(&parsed.real());
    let mut node = match forbidden {
        Some(_) => node.property("read-only", NodeValue::Flag(true)),
        None => flags(draft, node, mount),
    };
    if let Some(way) = &way {
        node = node.property("docker-socket", NodeValue::Flag(true));
        let way = named_way(way);
        let words = format!("who reaches {way} is root on the host: `docker-socket=#true` says so");
        draft.say(Handling::Changed, place, words);
    }
    if let Some(reason) = forbidden {
        let words = format!("`{path}` of the host is not mounted writable: {reason}; it is read-only here");
        draft.say(Handling::Changed, place, words);
    }
    if way.is_none() && forbidden.is_none() { draft.carry(node, place) } else { draft.put(node) }
}

fn relative(
    draft: &mut WorkloadDraft<'_, '_>,
    node: NodeDraft,
    mount: &FoundMount,
    path: &str,
    place: &Place,
) {
    let inside = path.trim_start_matches("./").trim_end_matches('/');
    if ProjectPath::parse(inside).is_ok() && draft.known.project.read(inside).is_ok() {
        let node = NodeDraft::new("file").argument(mount.target.as_str()).property("source", inside);
        if !mount.read_only {
            draft.say(
                Handling::Changed,
                place,
                format!("`{path}` is a config file: the container may only read it"),
            );
        }
        return draft.carry(node, place);
    }
    let ends = |path: &str| {
        path.rsplit('/').next().and_then(|name| name.rsplit_once('.')).map(|(_, end)| end.to_string())
    };
    let like_a_file =
        ends(inside).is_some_and(|end| !matches!(&*end, "" | "d") && Some(end) == ends(&mount.target));
    if like_a_file {
        let words =
            format!("`{path}` is not here: write `file \"{}\" source=\"…\"` when it is", mount.target);
        return draft.decide_together(Together::Missing, place, format!("`{path}`"), words);
    }
    let several = draft.known.sources.shared(draft.index, &mount.source);
    let folder = inside.rsplit('/').find(|part| !matches!(*part, "" | "." | "..")).unwrap_or("data");
    let from = several.then(|| common(draft, folder.to_string()));
    let node = flags(draft, node.maybe("from", from), mount);
    draft.put(node);
    let filled = !draft.known.project.list(inside).unwrap_or_default().is_empty();
    if filled || mount.read_only {
        let words = format!("copy `{path}` into this directory on the host");
        draft.decide_together(Together::Data, place, format!("`{path}`"), words);
    } else {
        let words = format!("`{path}` is a directory of the host below `data-root` now");
        draft.say(Handling::Changed, place, words);
    }
}

fn tmpfs(draft: &mut WorkloadDraft<'_, '_>, found: &FoundTmpfs, place: &Place) {
    let FoundTmpfs { path, size, mode, uid, gid, exec } = found;
    if !target(draft, path, place) {
        return;
    }
    let is_size = |size: &String| super::limits::size(size).is_some_and(|size| Size::parse(&size).is_ok());
    let owner = match (uid, gid) {
        (None, None) => None,
        // A group alone goes with root, who owns it otherwise.
        (uid, gid) => {
            let uid = uid.as_deref().unwrap_or("0");
            Some(gid.as_ref().map_or(uid.to_string(), |gid| format!("{uid}:{gid}")))
        }
    };
    let four = mode.as_deref().map(|mode| format!("{:0>4}", mode.trim_start_matches('0')));
    let valid = size.as_ref().is_none_or(is_size)
        && four.as_deref().is_none_or(|mode| Mode::parse_directory(mode).is_ok())
        && owner.as_deref().is_none_or(|owner| Owner::parse(owner).is_ok());
    if !valid {
        // Such as a part of the memory.
        let options = [("size", size), ("mode", mode), ("uid", uid), ("gid", gid)];
        let options = options.iter().filter_map(|(name, value)| Some(format!("{name}={}", value.as_ref()?)));
        let options: Vec<String> = options.chain(exec.then(|| "exec".to_string())).collect();
        return draft.raw(&format!("--tmpfs={path}:{}", options.join(",")), place);
    }
    let node = NodeDraft::new("tmpfs").argument(path.as_str());
    let node = node.maybe("size", size.as_deref().and_then(super::limits::size));
    let node = node.maybe("mode", four.filter(|mode| mode != "1777")).maybe("owner", owner);
    draft.carry(node.maybe("exec", exec.then_some(NodeValue::Flag(true))), place);
}

fn file(draft: &mut WorkloadDraft<'_, '_>, file: &FoundFile, place: &Place) {
    if !target(draft, &file.path, place) {
        return;
    }
    let node = NodeDraft::new("file").argument(file.path.as_str());
    let mode = file.mode.as_deref().map(|mode| format!("{:0>4}", mode.trim_start_matches('0')));
    let mode = mode.filter(|mode| Mode::parse(mode).is_ok());
    let source = file.source.as_deref().map(|source| source.trim_start_matches("./").to_string());
    let there = source
        .as_deref()
        .is_some_and(|source| ProjectPath::parse(source).is_ok() && draft.known.project.read(source).is_ok());
    match (&file.content, source) {
        (Some(content), _) => {
            let content = draft.literal(content);
            draft.carry(node.property("content", content).maybe("mode", mode), place);
        }
        (None, Some(source)) if there => {
            draft.carry(node.property("source", source).maybe("mode", mode), place);
        }
        _ => {
            let words = format!("what `{}` holds is not here: write `file` when it is", file.path);
            draft.decide_together(Together::Missing, place, format!("`{}`", file.path), words);
        }
    }
}
