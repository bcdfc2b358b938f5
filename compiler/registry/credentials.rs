//! docker's `config.json` and its credential helpers → who we are for a registry (docker-login(1), "Credential helpers").

use super::bounded::{self, Table, Text, Token, document};
use super::failure::{Failure, FailureKind};
use super::program::{self, Silence};
use crate::large::parallel::locked;
use crate::value::quoted;
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD as UNPADDED};
use std::collections::BTreeMap;
use std::fs;
use std::io::Read;
use std::path::Path;
use std::sync::Mutex;
use std::time::Duration;

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

/// Maximum bytes of the settings.
const MOST: u64 = 1 << 20;
/// How long a helper may take.
const PATIENCE: Duration = Duration::from_secs(20);

document! {
    /// docker's `config.json`.
    Written {
        auths: Table<Account> = "auths",
        store: Text = "credsstore",
        helpers: Table<Text> = "credhelpers",
    }
}

document! {
    /// An account at a registry.
    Account {
        auth: Token = "auth",
        user: Token = "username",
        password: Token = "password",
        identity: Token = "identitytoken",
    }
}

document! {
    /// What a helper says.
    Kept { user: Token = "username", secret: Token = "secret" }
}

/// docker's settings, and what helpers have said: each is asked once for a registry. It has no `Debug`: it knows passwords.
pub(super) struct DockerConfig {
    written: Result<Written, Failure>,
    said: Mutex<BTreeMap<String, Result<Credentials, Failure>>>,
}

impl DockerConfig {
    /// Reads them from docker's folder; there may be none.
    pub(super) fn read(folder: Option<&Path>) -> Self {
        let path = folder.map(|folder| folder.join("config.json")).filter(|path| path.is_file());
        Self {
            written: path.map_or_else(|| Ok(Written::default()), |path| settings(&path)),
            said: Mutex::default(),
        }
    }

    /// The credentials for a registry.
    pub(super) fn of(&self, registry: &str) -> Result<Credentials, Failure> {
        let mut said = locked(&self.said);
        if let Some(said) = said.get(registry) {
            return said.clone();
        }
        let found = self.found(registry);
        said.insert(registry.to_string(), found.clone());
        found
    }

    fn found(&self, registry: &str) -> Result<Credentials, Failure> {
        let keys = keys(registry);
        let Written { auths, store, helpers } = self.written.as_ref().map_err(Failure::clone)?;
        let helper = keys.iter().find_map(|key| Some((key, helpers.0.get(key)?)));
        let (key, helper) = helper.unwrap_or((&keys[0], store));
        if !helper.0.is_empty() {
            return asked(&helper.0, key);
        }
        let account = keys.iter().find_map(|key| auths.0.get(key));
        Ok(account.and_then(account_of).unwrap_or(Credentials::Anonymous))
    }
}

fn settings(path: &Path) -> Result<Written, Failure> {
    let mut text = Vec::new();
    let read = fs::File::open(path).and_then(|file| file.take(MOST).read_to_end(&mut text));
    let fault = |why: &str| {
        Failure::new(FailureKind::Denied, format!("docker's `config.json` cannot be read: {why}"))
            .help("`docker login` writes it")
    };
    read.map_err(|error| fault(&error.to_string()))?;
    // What is wrong with it may quote a password.
    bounded::read(&text).map_err(|_| fault("it is not JSON as docker writes it"))
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

/// An account as `docker login` writes it: `auth` is the user and the password, and NUL may fill it up.
fn account_of(account: &Account) -> Option<Credentials> {
    if !account.identity.0.is_empty() {
        return Some(Credentials::Identity(account.identity.0.clone()));
    }
    let decoded = UNPADDED.decode(account.auth.0.trim().trim_end_matches('=')).ok();
    let text = decoded.and_then(|decoded| String::from_utf8(decoded).ok()).unwrap_or_default();
    match text.trim_end_matches('\0').split_once(':') {
        Some((user, password)) => Some(Credentials::Password(user.to_string(), password.to_string())),
        None if account.user.0.is_empty() => None,
        None => Some(Credentials::Password(account.user.0.clone(), account.password.0.clone())),
    }
}

/// Asks a helper: the name of the registry at its stdin, JSON at its stdout.
fn asked(helper: &str, key: &str) -> Result<Credentials, Failure> {
    let program = format!("docker-credential-{helper}");
    let fault = |why: &str| {
        Failure::new(FailureKind::Denied, format!("{} {why}", quoted(&program)))
            .help("docker's `config.json` names it")
    };
    if !helper.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.')) {
        return Err(fault("is not the name of a helper"));
    }
    let said = program::run(None, &program, &["get"], key, PATIENCE).map_err(|silence| {
        fault(match silence {
            Silence::Missing => "is not there",
            Silence::Broken => "cannot be started",
            Silence::Slow => "does not end",
            Silence::TooMuch => "speaks without end",
        })
    })?;
    if !said.succeeded {
        // This is how helpers say that they have none.
        let words = String::from_utf8_lossy(&said.output).into_owned() + &said.errors;
        let has_none = words.contains("credentials not found");
        return if has_none {
            Ok(Credentials::Anonymous)
        } else {
            Err(fault("fails, and gives no credentials"))
        };
    }
    let kept: Kept = bounded::read(&said.output).map_err(|_| fault("does not answer in JSON"))?;
    Ok(match (kept.user.0.as_str(), kept.secret.0) {
        (_, secret) if secret.is_empty() => Credentials::Anonymous,
        ("<token>", token) => Credentials::Identity(token),
        (user, password) => Credentials::Password(user.to_string(), password),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};
    use std::sync::atomic::{AtomicUsize, Ordering};

    fn config_of(config: Value) -> DockerConfig {
        static NEXT: AtomicUsize = AtomicUsize::new(0);
        let name = format!("dpc-config-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let folder = std::env::temp_dir().join(name);
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("config.json"), config.to_string()).unwrap();
        let read = DockerConfig::read(Some(&folder));
        fs::remove_dir_all(folder).unwrap();
        read
    }

    #[test]
    fn credentials_are_found_by_all_names_of_a_registry() {
        let of = |config: Value, registry: &str| config_of(config).of(registry).unwrap();
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
        let plain = json!({ "auths": { "r": { "username": "me", "password": "se:cret" } } });
        let unpadded = json!({ "auths": { "r": { "auth": auth.trim_end_matches('=') } } });
        assert!(of(plain, "r") == me && of(unpadded, "r") == me);
        assert!(of(json!({ "auths": { "r": { "auth": "%%" } } }), "r") == Credentials::Anonymous);
        for broken in [
            json!([]),
            json!({ "auths": "hunter2" }),
            json!({ "auths": { "r": { "auth": { "hunter2": 1 } } } }),
        ] {
            let failure = config_of(broken).of("r").err().unwrap();
            assert!(
                failure.message.contains("cannot be read") && !failure.message.contains("hunter2"),
                "{failure}"
            );
        }
        let helper = json!({ "credsStore": "../../bin/sh" });
        assert!(config_of(helper).of("r").is_err());
    }
}
