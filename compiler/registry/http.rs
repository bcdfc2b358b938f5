//! Requests over HTTP, each with an end in time and in bytes. The only file that knows ureq.

use super::Settings;
use super::repository::is_of_this_machine;
use crate::large::parallel::locked;
use crate::value::quoted;
use std::collections::BTreeMap;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use ureq::http::{HeaderMap, Response};
use ureq::tls::{Certificate, PemItem, RootCerts, TlsConfig, parse_pem};
use ureq::{Agent, Proxy};

/// How long until another machine must be there, and until it must have answered whole.
const CONNECT: Duration = Duration::from_secs(5);
const WHOLE: Duration = Duration::from_secs(30);

/// Where systems keep the certificates of authorities.
const AUTHORITIES: [&str; 4] = [
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
];
/// Where docker keeps those of single registries.
const OF_REGISTRIES: &str = "/etc/docker/certs.d";

/// An answer, whatever its status is.
#[derive(Debug)]
pub(super) struct Answer {
    /// The status.
    pub(super) status: u16,
    /// The bytes; none of a HEAD.
    pub(super) body: Vec<u8>,
    headers: HeaderMap,
}

impl Answer {
    /// A header, where it is text.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// All headers of a name.
    pub(super) fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        self.headers.get_all(name).iter().filter_map(|value| value.to_str().ok())
    }
}

/// A request that is not made yet.
#[derive(Clone, Copy)]
pub(super) struct Request<'r> {
    /// Whether only the head of the answer is wanted.
    pub(super) head: bool,
    /// The scheme, `http` or `https`.
    pub(super) scheme: &'r str,
    /// The host, with its port.
    pub(super) host: &'r str,
    /// The path, with the query.
    pub(super) path: &'r str,
    /// What kinds of answer are understood.
    pub(super) accept: &'r str,
    /// The credentials.
    pub(super) authorization: Option<&'r str>,
    /// The most bytes of an answer.
    pub(super) most: u64,
}

/// Keeps connections, and for each host the authorities that are trusted for it.
pub(super) struct Http {
    authorities: Vec<Certificate<'static>>,
    patience: Duration,
    proxy: Option<String>,
    no_proxy: String,
    agents: Mutex<BTreeMap<String, Agent>>,
}

impl Http {
    /// Reads the certificates that are trusted for every host.
    pub(super) fn new(settings: &Settings) -> Self {
        let files: Vec<PathBuf> = match &settings.certificates {
            Some(path) => vec![path.clone()],
            None => AUTHORITIES.iter().map(PathBuf::from).filter(|path| path.exists()).take(1).collect(),
        };
        let authorities = files.iter().flat_map(|path| of_file(path)).collect();
        Self {
            authorities,
            patience: settings.patience.unwrap_or(WHOLE),
            proxy: settings.proxy.clone(),
            no_proxy: settings.no_proxy.clone().unwrap_or_default(),
            agents: Mutex::default(),
        }
    }

    /// Makes a request. Redirects are for the caller.
    pub(super) fn ask(&self, request: &Request<'_>) -> Result<Answer, String> {
        let Request { head, scheme, host, path, accept, authorization, most } = *request;
        let agent = self.agent(host);
        let url = format!("{scheme}://{host}{path}");
        let builder = if head { agent.head(&url) } else { agent.get(&url) };
        let builder = builder.header("Accept", accept);
        let builder = match authorization {
            Some(value) => builder.header("Authorization", value),
            None => builder,
        };
        answer(builder.call(), head, most)
    }

    /// Sends a form.
    pub(super) fn post(
        &self,
        url: &str,
        host: &str,
        form: &[(&str, &str)],
        most: u64,
    ) -> Result<Answer, String> {
        answer(self.agent(host).post(url).send_form(form.iter().copied()), false, most)
    }

    fn agent(&self, host: &str) -> Agent {
        locked(&self.agents).entry(host.to_string()).or_insert_with(|| self.new_agent(host)).clone()
    }

    fn new_agent(&self, host: &str) -> Agent {
        // docker asks what is on this machine without a look at its certificate.
        let is_local = is_of_this_machine(host);
        let mut trusted = self.authorities.clone();
        // A host is a name or an address with a port here: nothing that leads to another folder.
        let own = fs::read_dir(Path::new(OF_REGISTRIES).join(host)).into_iter().flatten().flatten();
        let own =
            own.map(|entry| entry.path()).filter(|path| path.extension().is_some_and(|end| end == "crt"));
        trusted.extend(own.flat_map(|path| of_file(&path)));
        let roots =
            if trusted.is_empty() { RootCerts::WebPki } else { RootCerts::Specific(Arc::new(trusted)) };
        let config = Agent::config_builder()
            // ureq would read the proxy from the environment.
            .proxy(if is_local { None } else { self.proxy() })
            .timeout_connect(Some(CONNECT))
            .timeout_resolve(Some(CONNECT))
            .timeout_global(Some(self.patience))
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .max_idle_connections_per_host(16)
            .user_agent(concat!("dpc/", env!("CARGO_PKG_VERSION")))
            .tls_config(TlsConfig::builder().root_certs(roots).disable_verification(is_local).build());
        config.build().new_agent()
    }

    /// The proxy, if there is one that can be read.
    fn proxy(&self) -> Option<Proxy> {
        let said = Proxy::new(self.proxy.as_deref()?).ok()?;
        let mut proxy = Proxy::builder(said.protocol()).host(said.host()).port(said.port());
        if let Some(user) = said.username() {
            proxy = proxy.username(user).password(said.password().unwrap_or_default());
        }
        for host in self.no_proxy.split(',').map(str::trim).filter(|host| !host.is_empty()) {
            proxy = proxy.no_proxy(host);
            // `example.com` is also what is below it, as all but ureq read it.
            if !host.starts_with(['.', '*']) {
                proxy = proxy.no_proxy(&format!(".{host}"));
            }
        }
        proxy.build().ok()
    }
}

fn of_file(path: &Path) -> Vec<Certificate<'static>> {
    let text = fs::read(path).unwrap_or_default();
    let certificate = |item| match item {
        Ok(PemItem::Certificate(certificate)) => Some(certificate),
        _ => None,
    };
    parse_pem(&text).filter_map(certificate).collect()
}

fn answer(
    called: Result<Response<ureq::Body>, ureq::Error>,
    head: bool,
    most: u64,
) -> Result<Answer, String> {
    let mut response = called.map_err(|error| words(&error))?;
    let body = if head {
        Vec::new()
    } else {
        response.body_mut().with_config().limit(most).read_to_vec().map_err(|error| words(&error))?
    };
    Ok(Answer { status: response.status().as_u16(), headers: response.headers().clone(), body })
}

fn words(error: &ureq::Error) -> String {
    match error {
        ureq::Error::Timeout(_) => "does not answer in time".to_string(),
        ureq::Error::HostNotFound => "is a name that nobody knows".to_string(),
        ureq::Error::ConnectionFailed => "cannot be reached".to_string(),
        ureq::Error::BodyExceedsLimit(most) => format!("answers with more than {most} bytes"),
        // rustls hands its errors on as errors of reading.
        ureq::Error::Io(error) if error.kind() == ErrorKind::InvalidData => untrusted(&error.to_string()),
        ureq::Error::Io(error) => format!("cannot be asked: {error}"),
        ureq::Error::Rustls(error) => untrusted(&error.to_string()),
        ureq::Error::Tls(what) => untrusted(what),
        // Its words may hold an address with all that was sent in it.
        _ => "answers what is no HTTP".to_string(),
    }
}

fn untrusted(why: &str) -> String {
    if why.contains("CaUsedAsEndEntity") {
        return "has no TLS to trust: it shows an authority's certificate as its own (`openssl req -x509 -addext basicConstraints=CA:FALSE` makes one of its own)".to_string();
    }
    format!("has no TLS to trust: {}", quoted(why))
}
