//! Health checks: HTTP or a connection where the command does just that, else the command itself.

use super::draft::WorkloadDraft;
use crate::kdl::write::{NodeDraft, NodeValue};
use crate::tools::import::found::{FoundHealth, Setting, Test};
use crate::tools::import::place::Place;
use crate::tools::import::report::Handling;
use crate::tools::import::shell::OPEN;
use crate::value::dns::Fqdn;
use crate::value::header::{HeaderName, header_value};
use crate::value::scheme::Scheme;

/// Writes the health check of a service, from all that was said about it.
pub(crate) fn write(draft: &mut WorkloadDraft<'_, '_>) {
    let container = draft.container();
    let said: Vec<(&FoundHealth, &Place)> = container
        .settings
        .iter()
        .filter_map(|setting| match &setting.value {
            Setting::Health(health) => Some((health, &setting.place)),
            _ => None,
        })
        .collect();
    if said.is_empty() {
        return ready_with_port(draft, None);
    }
    if draft.task {
        said.iter().for_each(|(_, place)| draft.say(Handling::Lost, place, "a task is done when it ends"));
        return;
    }
    let test = said.iter().rev().find_map(|(health, place)| Some((health.test.as_ref()?, *place)));
    match test {
        Some((Test::Disabled, place)) => {
            return ready_with_port(draft, Some(place));
        }
        Some((test, place)) => check(draft, test, place),
        None => {
            let words = "the command is the image's own, which dpc does not know: write `health`";
            said.iter().for_each(|(_, place)| draft.say(Handling::Changed, place, words));
            return ready_with_port(draft, None);
        }
    }
    for (health, place) in said {
        let parts = [
            ("interval", &health.interval),
            ("timeout", &health.timeout),
            ("start-period", &health.start_period),
        ];
        for (name, value) in parts {
            if let Some(value) = value {
                let place = place.key(format!("{}.{name}", place.key));
                super::life::duration(draft, "health", name, value, &place);
            }
        }
        if let Some(retries) = &health.retries {
            retry(draft, retries, place);
        }
    }
    times_of_docker(draft);
}

/// Times that the source leaves to docker are docker's.
fn times_of_docker(draft: &mut WorkloadDraft<'_, '_>) {
    let node = draft.once("health");
    for name in ["interval", "timeout"] {
        if !node.properties.iter().any(|(other, _)| other == name) {
            node.properties.push((name.to_string(), NodeValue::from("30s")));
        }
    }
}

/// Time that a process without a check gets to listen: docker waits for none.
const PATIENCE: &str = "300s";

/// A container without a check is ready when one of its ports accepts a connection: the first that is published, or its only
/// one. Others may be for what is turned off.
fn ready_with_port(draft: &mut WorkloadDraft<'_, '_>, place: Option<&Place>) {
    let ports = draft.known.ports.of(draft.index);
    let single = |port: &&super::ports::PortDraft| port.protocol == "tcp" && port.first == port.last;
    let chosen = ports.iter().filter(single).find(|port| port.published).or(ports.iter().find(single));
    let named = place.or(chosen.and_then(|port| port.place.as_ref()));
    let place = named.unwrap_or(&draft.container().name.place).clone();
    if draft.task {
        return;
    }
    let tcp = ports.iter().any(|port| port.protocol == "tcp");
    let runs = "nothing says which port is ready: it is ready once it runs";
    let Some(port) = chosen.filter(|_| !draft.known.ports.are_of_several(draft.index)) else {
        // Without a check, dpc asks every port.
        if tcp {
            draft.put(NodeDraft::new("health").property("command", "true"));
        }
        if tcp || named.is_some() {
            draft.say(Handling::Changed, &place, runs);
        }
        return;
    };
    let node = NodeDraft::new("health").property("tcp", port.name.as_str());
    draft.put(node.property("start-period", PATIENCE));
    let words = format!("nothing said when it is ready: when port `{}` accepts a connection", port.name);
    draft.say(Handling::Changed, &place, words);
}

fn retry(draft: &mut WorkloadDraft<'_, '_>, text: &str, place: &Place) {
    match text.parse::<i64>() {
        Ok(retries) if (1..=100).contains(&retries) => {
            draft.property("health", "retries", NodeValue::Whole(retries), place);
        }
        _ => draft.decide(place, format!("`{text}` retries: dpc takes 1 to 100")),
    }
}

fn check(draft: &mut WorkloadDraft<'_, '_>, test: &Test, place: &Place) {
    let words: Vec<String> = match test {
        Test::Words(words) => words.clone(),
        Test::Shell(text) => text.split_whitespace().map(str::to_string).collect(),
        Test::Disabled => return,
    };
    if let Some(node) = own_check(draft, &words) {
        return draft.carry(node, place);
    }
    if let Some(port) = asks_moved_port(draft, &words) {
        let words =
            format!("it asks a port that is another now: the port `{port}` must accept a connection instead");
        draft.put(NodeDraft::new("health").property("tcp", port));
        return draft.say(Handling::Changed, place, words);
    }
    let node = if let Test::Shell(text) = test {
        NodeDraft::new("health").property("command", with_ports(draft, text))
    } else {
        let words: Vec<NodeValue> =
            words.iter().map(|word| NodeValue::from(with_ports(draft, word))).collect();
        let command = NodeDraft { arguments: words, ..NodeDraft::new("command") };
        NodeDraft { children: vec![command], ..NodeDraft::new("health") }
    };
    draft.carry(node, place);
}

/// The name of the moved port that a client asks without naming it.
fn asks_moved_port(draft: &WorkloadDraft<'_, '_>, words: &[String]) -> Option<String> {
    let clients = [
        ("redis-cli", 6379),
        ("valkey-cli", 6379),
        ("pg_isready", 5432),
        ("psql", 5432),
        ("mongosh", 27017),
        ("mongo", 27017),
    ];
    let program = words.iter().find_map(|word| {
        let name = word.trim_matches(['"', '\'']).rsplit('/').next()?;
        clients.iter().find(|(client, _)| *client == name)
    })?;
    let port = draft.known.ports.inside(draft.index, program.1)?;
    let named = words.iter().any(|word| word.contains(&port.inside.to_string()));
    (port.first != port.inside && !named).then(|| port.name.clone())
}

/// The command with the ports that its container has now.
fn with_ports(draft: &mut WorkloadDraft<'_, '_>, command: &str) -> String {
    let moved = draft.known.ports.of(draft.index).iter().filter(|port| port.first != port.inside);
    let moved: Vec<(String, String)> = moved
        .filter(|port| port.first == port.last)
        .map(|port| (port.inside.to_string(), format!("{{{{ ports.{} }}}}", port.name.replace('-', "_"))))
        .collect();
    if moved.is_empty() || command.contains(OPEN) {
        return draft.literal(command);
    }
    let mut out = String::new();
    let mut rest = command;
    while let Some(at) = rest.find(|c: char| c.is_ascii_digit()) {
        let end = at + rest[at..].find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len() - at);
        let alone = !rest[..at].ends_with(|c: char| c.is_alphanumeric() || matches!(c, '.' | '_' | '/'))
            && !rest[end..].starts_with(|c: char| c.is_alphanumeric() || matches!(c, '.' | '_' | '%'));
        let port = moved.iter().find(|(inside, _)| alone && *inside == rest[at..end]);
        out.push_str(&draft.literal(&rest[..at]));
        out.push_str(port.map_or(&rest[at..end], |(_, expression)| expression));
        rest = &rest[end..];
    }
    out + &draft.literal(rest)
}

/// Reads the `curl`, `wget` or `nc` that asks its own container, by the name of a port.
fn own_check(draft: &WorkloadDraft<'_, '_>, words: &[String]) -> Option<NodeDraft> {
    let program = words.first()?.rsplit('/').next()?;
    if words.iter().any(|word| word.ends_with(';')) {
        return None;
    }
    match program {
        "curl" | "wget" => by_http(draft, program, words),
        "nc" | "ncat" | "netcat" => {
            let words: Vec<&str> = words.iter().map(|word| word.trim_matches(['"', '\''])).collect();
            let port =
                words.last()?.parse().ok().or_else(|| words.iter().find_map(|word| word.parse().ok()))?;
            Some(NodeDraft::new("health").property("tcp", port_name(draft, port)?))
        }
        _ => None,
    }
}

/// A request that dpc can make too: of one address, with headers.
fn by_http(draft: &WorkloadDraft<'_, '_>, program: &str, words: &[String]) -> Option<NodeDraft> {
    let (words, headers) = without_headers(words)?;
    let words: Vec<&str> = words.iter().map(|word| word.trim_matches(['"', '\''])).collect();
    // Methods and pipes ask for more than a status.
    let more = ["-X", "--request", "-d", "--data", "--post-data", "|", "-u", "--user", "--unix-socket"];
    if words.iter().any(|word| more.contains(word) || word.starts_with("|g")) {
        return None;
    }
    let urls = words.iter().filter(|word| word.contains("://")).count();
    if urls > 1 || !plain_end(&words) {
        return None;
    }
    let (scheme, (port, path)) = words.iter().find_map(|word| {
        let (scheme, rest) = word.split_once("://").filter(|(scheme, _)| Scheme::parse(scheme).is_ok())?;
        Some((scheme, local(draft, rest, if scheme == "https" { 443 } else { 80 })?))
    })?;
    let any_answer = program == "curl" && !fails_on_status(&words);
    let node = NodeDraft::new("health").property("http", port);
    let node = node.maybe("path", Some(path).filter(|path| path != "/"));
    let node = node.maybe("scheme", Some(scheme).filter(|scheme| *scheme != "http"));
    let (host, headers): (Vec<_>, Vec<_>) =
        headers.into_iter().partition(|(name, _)| name.eq_ignore_ascii_case("host"));
    let host = host.into_iter().map(|(_, host)| host).next_back();
    if host.as_ref().is_some_and(|host| Fqdn::parse(host).is_err()) {
        return None;
    }
    // Without `--fail`, curl is content with any answer.
    let node = node.maybe("host", host).maybe("status", any_answer.then_some("100-599"));
    let headers = headers.into_iter();
    let children = headers.map(|(name, value)| NodeDraft::new("header").argument(name).argument(value));
    Some(NodeDraft { children: children.collect(), ..node })
}

/// Headers of a request: name and value.
type Headers = Vec<(String, String)>;

/// Takes headers, `-H 'Name: value'`, out of the words, which a shell would have put together; none where one is none for dpc.
fn without_headers(words: &[String]) -> Option<(Vec<String>, Headers)> {
    let (mut rest, mut headers) = (Vec::new(), Vec::new());
    let mut words = words.iter();
    while let Some(word) = words.next() {
        let given = word.strip_prefix("--header=").map(str::to_owned);
        let given =
            given.or_else(|| matches!(word.as_str(), "-H" | "--header").then(|| words.next().cloned())?);
        let Some(mut header) = given else {
            rest.push(word.clone());
            continue;
        };
        let quote = header.chars().next().filter(|c| matches!(c, '"' | '\''));
        while quote.is_some_and(|quote| header.len() < 2 || !header.ends_with(quote)) {
            header = format!("{header} {}", words.next()?);
        }
        let (name, value) = header.trim_matches(['"', '\'']).split_once(':')?;
        let value = header_value(value.trim())
            .ok()
            .filter(|value| !value.contains(OPEN) && !value.contains('$') && !value.contains("{{"))?;
        if !name.eq_ignore_ascii_case("host") && HeaderName::parse(name).is_err() {
            return None;
        }
        headers.push((name.to_owned(), value));
    }
    Some((rest, headers))
}

fn fails_on_status(words: &[&str]) -> bool {
    let short = |word: &&&str| word.starts_with('-') && !word.starts_with("--") && word.contains('f');
    words.iter().any(|word| matches!(*word, "--fail" | "--fail-with-body"))
        || words.iter().any(|word| short(&word))
}

/// Returns whether nothing is behind the program but `|| exit 1`.
fn plain_end(words: &[&str]) -> bool {
    let operator = words.iter().position(|word| matches!(*word, "||" | "&&" | ";" | "|"));
    operator.is_none_or(|at| words[at] == "||" && matches!(words[at + 1..], ["exit", _] | ["false"]))
}

/// The port and path of an address that is the container's own.
fn local(draft: &WorkloadDraft<'_, '_>, rest: &str, usual: u16) -> Option<(String, String)> {
    let end = rest.find(['/', '?']).unwrap_or(rest.len());
    let (authority, path) = rest.split_at(end);
    let (host, port) = authority
        .rsplit_once(':')
        .map_or((authority, usual), |(host, port)| (host, port.parse().unwrap_or(0)));
    let own = matches!(host, "localhost" | "127.0.0.1" | "0.0.0.0" | "[::1]")
        || draft.known.names.of(host) == Some(draft.index);
    let path = if path.starts_with('/') { path.to_string() } else { format!("/{path}") };
    let valid = crate::value::url_path::UrlPath::parse(&path).is_ok();
    Some((port_name(draft, port)?, path)).filter(|_| own && valid)
}

fn port_name(draft: &WorkloadDraft<'_, '_>, inside: u16) -> Option<String> {
    let port = draft.known.ports.inside(draft.index, inside)?;
    (port.protocol == "tcp").then(|| port.name.clone())
}
