//! docker's `config.json` and its credential helpers → who we are for a registry (docker-login(1), "Credential helpers").

use super::failure::{Failure, FailureKind};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;
use std::fs;
use std::io::{Read, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// Who we are.
#[derive(Clone, PartialEq, Eq)]
pub(super) enum Credentials {
    /// Nobody.
    Anonymous,
    /// A user with a password.
    Password(String, String),
    /// A token that the registry's own service changes into another.
    Identity(String),
}

impl Credentials {
    /// The header of basic authentication, where there is a user.
    pub(super) fn basic(&self) -> Option<String> {
        match self {
            Credentials::Password(user, password) => {
                Some(format!("Basic {}", STANDARD.encode(format!("{user}:{password}"))))
            }
            Credentials::Anonymous | Credentials::Identity(_) => None,
        }
    }
}

/// Maximum bytes of the settings, and of what a helper says.
const MOST: u64 = 1 << 20;
/// How long a helper may take.
const PATIENCE: Duration = Duration::from_secs(20);

/// docker's settings.
#[derive(Debug, Default)]
pub(super) struct DockerConfig(Value);

impl DockerConfig {
    /// Reads them from docker's folder; there may be none.
    pub(super) fn read(folder: Option<&Path>) -> Self {
        let file = folder.and_then(|folder| fs::File::open(folder.join("config.json")).ok());
        let mut text = Vec::new();
        let read = file.map(|file| file.take(MOST).read_to_end(&mut text));
        Self(read.and_then(|_| serde_json::from_slice(&text).ok()).unwrap_or_default())
    }

    /// The credentials for a registry.
    pub(super) fn of(&self, registry: &str) -> Result<Credentials, Failure> {
        let keys = keys(registry);
        let helpers = keys.iter().find_map(|key| Some((key, self.0["credHelpers"][key].as_str()?)));
        let store = self.0["credsStore"].as_str().map(|name| (&keys[0], name));
        if let Some((key, helper)) = helpers.or(store) {
            return asked(helper, key);
        }
        Ok(keys.iter().find_map(|key| written(&self.0["auths"][key])).unwrap_or(Credentials::Anonymous))
    }
}

/// The names that docker keeps a registry by.
fn keys(registry: &str) -> Vec<String> {
    if registry == "docker.io" {
        let known = ["https://index.docker.io/v1/", "docker.io", "index.docker.io"];
        return known.map(str::to_string).to_vec();
    }
    vec![
        registry.to_string(),
        format!("https://{registry}"),
        format!("https://{registry}/v1/"),
        format!("https://{registry}/v2/"),
    ]
}

fn written(entry: &Value) -> Option<Credentials> {
    if let Some(token) = entry["identitytoken"].as_str().filter(|token| !token.is_empty()) {
        return Some(Credentials::Identity(token.to_string()));
    }
    let decoded = STANDARD.decode(entry["auth"].as_str()?.trim()).ok()?;
    let text = String::from_utf8(decoded).ok()?;
    let (user, password) = text.trim_end_matches('\0').split_once(':')?;
    Some(Credentials::Password(user.to_string(), password.to_string()))
}

/// Asks a helper: the name of the registry at its stdin, JSON at its stdout.
fn asked(helper: &str, key: &str) -> Result<Credentials, Failure> {
    let program = format!("docker-credential-{helper}");
    let fault = |why: &str| {
        Failure::new(FailureKind::Denied, format!("`{program}` {why}"))
            .help("docker's `config.json` names it")
    };
    if !helper.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.')) {
        return Err(fault("is not the name of a helper"));
    }
    let started = Command::new(&program)
        .arg("get")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn();
    let mut child = started.map_err(|error| fault(&format!("cannot be started: {error}")))?;
    let said = said(&mut child, key).ok_or_else(|| fault("does not end"))?;
    let answer: Value = serde_json::from_slice(&said).unwrap_or_default();
    Ok(match (answer["Username"].as_str(), answer["Secret"].as_str()) {
        (Some("<token>"), Some(token)) => Credentials::Identity(token.to_string()),
        (Some(user), Some(password)) => Credentials::Password(user.to_string(), password.to_string()),
        // It has none for this registry, and says so in words.
        _ => Credentials::Anonymous,
    })
}

/// What a helper says; none of one that does not end, which is ended.
fn said(child: &mut Child, key: &str) -> Option<Vec<u8>> {
    // One that does not read ends all the same.
    let _ = child.stdin.take()?.write_all(key.as_bytes());
    let stdout = child.stdout.take()?;
    let reader = thread::spawn(move || {
        let mut text = Vec::new();
        stdout.take(MOST).read_to_end(&mut text).map(|_| text).unwrap_or_default()
    });
    let started = Instant::now();
    loop {
        match child.try_wait() {
            Ok(Some(_)) => return reader.join().ok(),
            Ok(None) if started.elapsed() < PATIENCE => thread::sleep(Duration::from_millis(10)),
            _ => {
                let _ = child.kill();
                let _ = child.wait();
                return None;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn credentials_are_found_by_all_names_of_a_registry() {
        let of = |config: Value, registry: &str| DockerConfig(config).of(registry).unwrap();
        let auth = STANDARD.encode("me:se:cret");
        let me = Credentials::Password("me".into(), "se:cret".into());
        for (key, registry) in [
            ("https://index.docker.io/v1/", "docker.io"),
            ("127.0.0.1:5000", "127.0.0.1:5000"),
            ("https://r.example.com/v2/", "r.example.com"),
        ] {
            let config = json!({ "auths": { key: { "auth": auth } } });
            assert!(
                of(config.clone(), registry) == me
                    && of(config, "other.example.com") == Credentials::Anonymous
            );
        }
        let token = json!({ "auths": { "r.example.com": { "identitytoken": "t", "auth": auth } } });
        assert!(of(token, "r.example.com") == Credentials::Identity("t".into()));
        for broken in [json!({ "auths": { "r": { "auth": "%%" } } }), json!([]), json!({ "auths": 1 })] {
            assert!(of(broken, "r") == Credentials::Anonymous);
        }
        let helper = json!({ "credsStore": "../../bin/sh" });
        assert!(DockerConfig(helper).of("r").is_err());
    }
}
