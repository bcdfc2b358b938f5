//! Ports: `8080:80`, `127.0.0.1:8001:8001/tcp`, `3000-3005`. Source: docker-run(1), `--publish` and `--expose`.

use crate::tools::import::found::{Published, Setting};
use crate::tools::import::shell::OPEN;
use crate::value::port::PortRange;

/// A published port.
pub(crate) fn published(text: &str) -> Option<Setting> {
    let (ports, protocol) = protocol(text)?;
    let (address, ports) = match ports.strip_prefix('[') {
        Some(rest) => {
            let (address, ports) = rest.split_once("]:")?;
            (Some(address), ports)
        }
        None => match ports.splitn(3, ':').collect::<Vec<_>>()[..] {
            [address, _, _] => (Some(address), &ports[address.len() + 1..]),
            _ => (None, ports),
        },
    };
    let (host, container) = match ports.split_once(':') {
        // A port that is a variable is not known before somebody gives it a value.
        Some((host, container)) if host.is_empty() || host.contains(OPEN) => (None, range(container)?),
        Some((host, container)) => (Some(range(host)?), range(container)?),
        None => (None, range(ports)?),
    };
    let any_of = host.filter(|host| !as_long(*host, container));
    let host = host.filter(|host| as_long(*host, container));
    let address = address.filter(|address| !address.is_empty()).map(str::to_string);
    Some(Setting::Published(Published { address, host, any_of, container, protocol, name: None }))
}

/// Returns whether a range of the host has as many ports as one of the container. Of a longer one any free port is taken.
pub(crate) fn as_long((first, last): (u16, u16), container: (u16, u16)) -> bool {
    last - first == container.1 - container.0
}

/// A port that is only named.
pub(crate) fn exposed(text: &str) -> Option<Setting> {
    let (ports, protocol) = protocol(text)?;
    let (first, last) = range(ports)?;
    Some(Setting::Exposed(first, last, protocol))
}

/// The first and the last of a range, or of one port.
pub(crate) fn range(text: &str) -> Option<(u16, u16)> {
    let range = PortRange::parse(text).ok()?;
    Some((range.first().get(), range.last().get()))
}

fn protocol(text: &str) -> Option<(&str, String)> {
    let (ports, protocol) = text.rsplit_once('/').unwrap_or((text, "tcp"));
    let protocol = protocol.to_ascii_lowercase();
    matches!(&*protocol, "tcp" | "udp" | "sctp").then_some((ports, protocol))
}
