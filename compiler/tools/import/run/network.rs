//! Flags about the network.

use crate::tools::import::found::{FoundNeed, NeedCondition, Setting};
use crate::tools::import::shorthand;

/// Returns the settings of a flag; none if it is of another family.
pub(crate) fn settings(flag: &str, value: &str) -> Option<Vec<Setting>> {
    let own = || value.to_string();
    let unread = |what: &str| Setting::Decide(format!("`{value}` is not {what} that can be read"));
    let setting = match flag {
        "publish" => shorthand::published(value).unwrap_or_else(|| unread("a port")),
        "expose" => shorthand::exposed(value).unwrap_or_else(|| unread("a port")),
        "publish-all" if value == "false" => return Some(Vec::new()),
        "publish-all" => Setting::PublishAll,
        "network" => Setting::Network(own()),
        "add-host" => return Some(vec![extra_host(value)]),
        "dns" => Setting::Dns(own()),
        "dns-search" => Setting::DnsSearch(own()),
        "sysctl" => {
            let (name, value) = shorthand::pair(value);
            Setting::Sysctl(name, value.unwrap_or_default())
        }
        "link" => link(value),
        "network-alias" => {
            Setting::Changed("services are reached by `{{ needs.….address }}`, not by a name".into())
        }
        "ip" | "ip6" | "mac-address" | "link-local-ip" => {
            Setting::Lost("with host networking the address is the host's".into())
        }
        _ => return None,
    };
    Some(vec![setting])
}

/// `NAME[:ALIAS]`.
pub(crate) fn link(text: &str) -> Setting {
    let (name, alias) =
        text.split_once(':').map_or((text, None), |(name, alias)| (name, Some(alias.to_string())));
    Setting::Need(FoundNeed { name: name.to_string(), until: NeedCondition::Started, alias, required: true })
}

/// `name:address` or `name=address`; an IPv6 address may stand in brackets.
pub(crate) fn extra_host(text: &str) -> Setting {
    let (name, address) = text.split_once('=').or_else(|| text.split_once(':')).unwrap_or((text, ""));
    let address = address.trim_start_matches('[').trim_end_matches(']');
    Setting::ExtraHost(name.to_string(), address.to_string())
}
