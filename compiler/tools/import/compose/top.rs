//! Keys at the top of a compose file, but `services`.

use crate::tools::import::found::Found;
use crate::tools::import::place::Place;
use crate::tools::import::report::{Handling, ReportEntry};
use crate::tools::import::yaml::YamlNode;

/// The place of a node.
pub(crate) fn place(node: &YamlNode, key: &str) -> Place {
    Place::new(&node.file, node.line, key)
}

/// Reads the volumes and networks of the top level.
pub(super) fn read(root: &YamlNode, found: &mut Found) {
    for (key, node) in root.entries() {
        let words = match key.as_str() {
            "volumes" if node.text().is_none() && node.items().is_empty() => {
                volumes(node, found);
                continue;
            }
            "networks" if node.text().is_none() && node.items().is_empty() => {
                networks(node, found);
                continue;
            }
            "volumes" | "networks" => (Handling::Decide, "it has another form here than compose takes"),
            "services" | "secrets" | "configs" => continue,
            "version" => (Handling::Carried, "obsolete: compose ignores it too"),
            "name" => (Handling::Carried, "the fleet's name"),
            "include" => (Handling::Carried, "what is included is imported along"),
            _ if key.starts_with("x-") => (Handling::Carried, "an extension: what refers to it has it"),
            _ => (Handling::Lost, "dpc has nothing like it"),
        };
        found.entries.push(ReportEntry::new(words.0, &place(node, key), words.1));
    }
}

fn volumes(volumes: &YamlNode, found: &mut Found) {
    for (name, node) in volumes.entries() {
        let options = node.get("driver_opts");
        let option = |key: &str| options.and_then(|options| options.get(key)).and_then(YamlNode::text);
        let here = place(node, &format!("volumes.{name}"));
        let bind = option("o").is_some_and(|o| o.split(',').any(|option| option == "bind"));
        let words = match (option("device"), option("type")) {
            (Some(device), _) if bind && device.starts_with('/') => {
                found.volumes.insert(name.clone(), device.trim_end_matches('/').to_string());
                (Handling::Carried, format!("the directory `{device}`"))
            }
            (Some(_), Some(kind)) => (
                Handling::Decide,
                format!(
                    "mount the {kind} file system on the host, by its /etc/fstab, and name it with `from=`"
                ),
            ),
            _ if node.get("external").is_some_and(YamlNode::is_true) => {
                (Handling::Changed, "a directory of the host: copy the data of the volume there".to_string())
            }
            _ => match node.get("driver").and_then(YamlNode::text).filter(|driver| *driver != "local") {
                Some(driver) => (Handling::Lost, format!("dpc has no volume driver `{driver}`")),
                None => (Handling::Changed, "a directory of the host".to_string()),
            },
        };
        found.entries.push(ReportEntry::new(words.0, &here, words.1));
    }
}

fn networks(networks: &YamlNode, found: &mut Found) {
    for (name, node) in networks.entries() {
        let here = place(node, &format!("networks.{name}"));
        let internal = node.get("internal").is_some_and(YamlNode::is_true);
        let entry = if internal {
            let words = "it was closed to the outside, as all ports are that are not published";
            ReportEntry::new(Handling::Changed, &here, words)
        } else {
            ReportEntry::new(Handling::Changed, &here, "services share the host's network")
        };
        found.entries.push(entry);
    }
}
