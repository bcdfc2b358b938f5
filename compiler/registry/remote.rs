//! A registry on the network, asked as docker asks it (OCI distribution specification, "Pull").

use super::Settings;
use super::credentials::{Credentials, DockerConfig};
use super::failure::{Failure, FailureKind, wrong};
use super::found::{self, FoundImage, FoundPlatform, Manifest};
use super::http::{Answer, Http, Request};
use super::repository::{Repository, is_of_this_machine};
use crate::value::digest::Digest;
use crate::value::image::Image;
use crate::value::platform::Platform;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

/// The kinds of manifest that are understood.
const MANIFESTS: &str = "application/vnd.oci.image.index.v1+json, application/vnd.docker.distribution.manifest.list.v2+json, \
                         application/vnd.oci.image.manifest.v1+json, application/vnd.docker.distribution.manifest.v2+json";

/// Maximum bytes of a manifest, a configuration, a token, a page of tags.
const MOST_MANIFEST: u64 = 4 << 20;
const MOST_CONFIG: u64 = 8 << 20;
const MOST_TOKEN: u64 = 1 << 20;
const MOST_TAGS: u64 = 4 << 20;
/// The most pages of tags, and the most redirects, that are followed.
const MOST_PAGES: usize = 20;
const MOST_REDIRECTS: usize = 5;
/// How often a registry that has no time is asked again, and how long it is waited for at most.
const AGAIN: usize = 2;
const LONGEST_WAIT: u64 = 10;

/// Asks registries, with what they told so far.
#[derive(Debug)]
pub(super) struct Remote {
    http: Http,
    docker: DockerConfig,
    mirrors: BTreeMap<String, String>,
    /// What to say who we are, by registry and repository.
    authorized: Mutex<BTreeMap<(String, String), String>>,
    /// The scheme that a host answers by.
    schemes: Mutex<BTreeMap<String, &'static str>>,
}

/// What is asked of a repository.
#[derive(Clone, Copy)]
struct Question<'q> {
    /// The rest of the path: `manifests/7.2.5`.
    rest: &'q str,
    accept: &'q str,
    head: bool,
    most: u64,
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Remote {
    /// Reads docker's settings.
    pub(super) fn new(settings: &Settings) -> Self {
        Self {
            http: Http::new(settings.certificates.as_deref(), settings.patience),
            docker: DockerConfig::read(settings.docker.as_deref()),
            mirrors: settings.mirrors.clone(),
            authorized: Mutex::default(),
            schemes: Mutex::default(),
        }
    }

    /// The digest that a reference names now.
    pub(super) fn digest(&self, image: &Image) -> Result<Digest, Failure> {
        let repository = Repository::of(image, &self.mirrors);
        let rest = format!("manifests/{}", reference(image));
        let question = Question { rest: &rest, accept: MANIFESTS, head: true, most: 0 };
        let answer = self.ask(&repository, image, question)?;
        let said = answer.header("docker-content-digest").and_then(|digest| Digest::parse(digest).ok());
        // Not every registry says it.
        said.map_or_else(|| self.manifest(&repository, image, reference(image)).map(|(digest, _)| digest), Ok)
    }

    /// What is said of an image for each of some platforms.
    pub(super) fn fetch(&self, image: &Image, platforms: &BTreeSet<Platform>) -> Result<FoundImage, Failure> {
        let repository = Repository::of(image, &self.mirrors);
        let (digest, manifest) = self.manifest(&repository, image, reference(image))?;
        let mut found = FoundImage { digest: digest.clone(), platforms: BTreeMap::new() };
        let what = format!("`{image}`");
        match manifest {
            Manifest::Index(entries) => {
                let known: Vec<String> = entries.iter().map(|(platform, _)| platform.clone()).collect();
                for platform in platforms {
                    let chosen = found::chosen(&entries, platform);
                    let chosen = chosen.ok_or_else(|| found::no_platform(&what, platform, &known))?;
                    let (_, manifest) = self.manifest(&repository, image, chosen)?;
                    let Manifest::Image(config, bytes) = manifest else {
                        return Err(wrong(&what, "has an index in its index"));
                    };
                    let (_, config) = self.config(&repository, image, &config)?;
                    found
                        .platforms
                        .insert(platform.clone(), FoundPlatform { digest: chosen.clone(), bytes, config });
                }
            }
            Manifest::Image(config, bytes) => {
                let (own, config) = self.config(&repository, image, &config)?;
                for platform in platforms {
                    if !found::candidates(platform).contains(&own) {
                        return Err(found::no_platform(&what, platform, &[own]));
                    }
                    let config = config.clone();
                    found
                        .platforms
                        .insert(platform.clone(), FoundPlatform { digest: digest.clone(), bytes, config });
                }
            }
        }
        Ok(found)
    }

    /// The tags of a repository.
    pub(super) fn tags(&self, image: &Image) -> Result<Vec<String>, Failure> {
        let repository = Repository::of(image, &self.mirrors);
        let (mut tags, mut rest) = (Vec::new(), "tags/list?n=1000".to_string());
        for _ in 0..MOST_PAGES {
            let question = Question { rest: &rest, accept: "application/json", head: false, most: MOST_TAGS };
            let answer = self.ask(&repository, image, question)?;
            let page: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
            let page = page["tags"].as_array().map(Vec::as_slice).unwrap_or_default();
            tags.extend(page.iter().filter_map(|tag| tag.as_str().map(str::to_string)));
            let next = answer.header("link").and_then(next_page);
            match next {
                Some(next) => rest = format!("tags/list?{next}"),
                None => break,
            }
        }
        Ok(tags)
    }

    fn manifest(
        &self,
        repository: &Repository,
        image: &Image,
        named: &str,
    ) -> Result<(Digest, Manifest), Failure> {
        let rest = format!("manifests/{named}");
        let question = Question { rest: &rest, accept: MANIFESTS, head: false, most: MOST_MANIFEST };
        let answer = self.ask(repository, image, question)?;
        let what = format!("the manifest of `{image}` from `{}`", repository.host);
        if let Ok(asked) = Digest::parse(named) {
            found::verified(&answer.body, &asked, &what)?;
        }
        let digest = found::digest_of(&answer.body);
        match answer.header("docker-content-digest") {
            Some(said) if said.starts_with("sha256:") && said != digest.as_str() => {
                Err(wrong(&what, &format!("is not what `Docker-Content-Digest: {said}` names")))
            }
            _ => Ok((digest, found::manifest(&answer.body, &what)?)),
        }
    }

    fn config(
        &self,
        repository: &Repository,
        image: &Image,
        digest: &Digest,
    ) -> Result<(String, found::FoundConfig), Failure> {
        let rest = format!("blobs/{digest}");
        let question = Question { rest: &rest, accept: "*/*", head: false, most: MOST_CONFIG };
        let answer = self.ask(repository, image, question)?;
        let what = format!("the configuration of `{image}` from `{}`", repository.host);
        found::verified(&answer.body, digest, &what)?;
        found::config(&answer.body, &what)
    }

    /// Asks until there is an answer that says what was asked for.
    fn ask(&self, repository: &Repository, image: &Image, question: Question<'_>) -> Result<Answer, Failure> {
        let mut tries = 0;
        loop {
            let answer = self.answer(repository, question)?;
            match answer.status {
                200..=299 => return Ok(answer),
                429 | 500..=599 if tries < AGAIN => {
                    let said = answer.header("retry-after").and_then(|seconds| seconds.trim().parse().ok());
                    thread::sleep(Duration::from_secs(said.unwrap_or(1 << tries).min(LONGEST_WAIT)));
                    tries += 1;
                }
                status => return Err(refused(repository, image, status)),
            }
        }
    }

    /// Asks once, and once more as somebody where nobody may see it.
    fn answer(&self, repository: &Repository, question: Question<'_>) -> Result<Answer, Failure> {
        let key = (repository.host.clone(), repository.path.clone());
        let known = locked(&self.authorized).get(&key).cloned();
        let (scheme, answer) = self.by_scheme(repository, question, known.as_deref())?;
        if answer.status != 401 {
            return self.followed(repository, scheme, question, answer);
        }
        let challenge = answer.header("www-authenticate").unwrap_or_default().to_string();
        let Some(authorization) = self.authorization(repository, scheme, &challenge)? else {
            return Ok(answer);
        };
        locked(&self.authorized).insert(key, authorization.clone());
        let (scheme, answer) = self.by_scheme(repository, question, Some(&authorization))?;
        self.followed(repository, scheme, question, answer)
    }

    fn by_scheme(
        &self,
        repository: &Repository,
        question: Question<'_>,
        authorization: Option<&str>,
    ) -> Result<(&'static str, Answer), Failure> {
        let known = locked(&self.schemes).get(&repository.host).copied();
        let schemes = known.as_ref().map_or(repository.schemes(), std::slice::from_ref);
        let mut last = String::new();
        for scheme in schemes {
            let path = format!("/v2/{}/{}", repository.path, question.rest);
            let Question { accept, head, most, .. } = question;
            let request =
                Request { head, scheme, host: &repository.host, path: &path, accept, authorization, most };
            match self.http.ask(&request) {
                Ok(answer) => {
                    locked(&self.schemes).insert(repository.host.clone(), scheme);
                    return Ok((scheme, answer));
                }
                Err(why) => last = why,
            }
        }
        Err(Failure::new(FailureKind::Unreachable, format!("the registry `{}` {last}", repository.host))
            .help("nothing of it was changed in the lock; `--from docker` asks the engine of this machine"))
    }

    /// Follows redirects, without saying anybody else who we are.
    fn followed(
        &self,
        repository: &Repository,
        scheme: &str,
        question: Question<'_>,
        mut answer: Answer,
    ) -> Result<Answer, Failure> {
        let mut from = (scheme.to_string(), repository.host.clone());
        for _ in 0..MOST_REDIRECTS {
            let Some(to) = answer.header("location").filter(|_| matches!(answer.status, 301..=308)) else {
                break;
            };
            let (scheme, host, path) = place(&from, to).ok_or_else(|| {
                Failure::new(FailureKind::Wrong, format!("`{}` leads to no address", repository.host))
            })?;
            let Question { accept, head, most, .. } = question;
            let request = Request {
                head,
                scheme: &scheme,
                host: &host,
                path: &path,
                accept,
                authorization: None,
                most,
            };
            answer = self.http.ask(&request).map_err(|why| {
                Failure::new(
                    FailureKind::Unreachable,
                    format!("`{host}`, where `{}` leads to, {why}", repository.host),
                )
            })?;
            from = (scheme, host);
        }
        Ok(answer)
    }

    /// What to answer to a challenge; none where we are nobody.
    fn authorization(
        &self,
        repository: &Repository,
        scheme: &str,
        challenge: &str,
    ) -> Result<Option<String>, Failure> {
        let credentials = self.docker.of(&repository.registry)?;
        // A password goes over the network only where nobody can read it.
        let is_private = scheme == "https" || is_of_this_machine(&repository.host);
        let credentials = if is_private { credentials } else { Credentials::Anonymous };
        let (kind, rest) = challenge.split_once(' ').unwrap_or((challenge, ""));
        if kind.eq_ignore_ascii_case("basic") {
            return Ok(credentials.basic());
        }
        if !kind.eq_ignore_ascii_case("bearer") {
            return Ok(None);
        }
        self.token(repository, &credentials, &parameters(rest)).map(Some)
    }

    /// Asks the service that a registry names for a token.
    fn token(
        &self,
        repository: &Repository,
        credentials: &Credentials,
        challenge: &BTreeMap<String, String>,
    ) -> Result<String, Failure> {
        let said = |name: &str| challenge.get(name).map(String::as_str).unwrap_or_default();
        let fault = |why: &str| {
            Failure::new(FailureKind::Denied, format!("the registry `{}` {why}", repository.host))
        };
        let none = ("https".to_string(), String::new());
        let (scheme, host, path) = place(&none, said("realm"))
            .filter(|(scheme, host, _)| {
                scheme == "https" || is_of_this_machine(host) && is_of_this_machine(&repository.host)
            })
            .ok_or_else(|| fault("names no service that gives tokens"))?;
        let pull = format!("repository:{}:pull", repository.path);
        let scope = if said("scope").is_empty() { &pull } else { said("scope") };
        let answer = if let Credentials::Identity(token) = credentials {
            let form = [
                ("grant_type", "refresh_token"),
                ("refresh_token", token),
                ("service", said("service")),
                ("scope", scope),
                ("client_id", "dpc"),
            ];
            self.http.post(&format!("{scheme}://{host}{path}"), &host, &form, MOST_TOKEN)
        } else {
            let sign = if path.contains('?') { '&' } else { '?' };
            let path = format!("{path}{sign}service={}&scope={}", escaped(said("service")), escaped(scope));
            let basic = credentials.basic();
            let (accept, authorization) = ("application/json", basic.as_deref());
            let request = Request {
                head: false,
                scheme: &scheme,
                host: &host,
                path: &path,
                accept,
                authorization,
                most: MOST_TOKEN,
            };
            self.http.ask(&request)
        };
        let answer = answer.map_err(|why| fault(&format!("names `{host}` for tokens, which {why}")))?;
        let document: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
        let token = document["token"].as_str().or_else(|| document["access_token"].as_str());
        match token.filter(|token| token.bytes().all(|byte| byte.is_ascii_graphic())) {
            Some(token) if answer.status == 200 => Ok(format!("Bearer {token}")),
            _ => Err(fault(&format!("names `{host}` for tokens, which answers {}", answer.status))
                .help(format!("`docker login {}` says who you are", repository.registry))),
        }
    }
}

/// The digest of a reference, else its tag.
fn reference(image: &Image) -> &str {
    image.digest().or(image.tag()).unwrap_or("latest")
}

fn refused(repository: &Repository, image: &Image, status: u16) -> Failure {
    let host = &repository.host;
    match status {
        404 => Failure::new(FailureKind::Gone, format!("the registry `{host}` has no `{image}`"))
            .help("correct the name or the tag"),
        401 | 403 => {
            Failure::new(FailureKind::Denied, format!("the registry `{host}` does not let you see `{image}`"))
                .help(format!("correct the name, or say who you are: `docker login {}`", repository.registry))
        }
        429 => Failure::new(
            FailureKind::Unreachable,
            format!("the registry `{host}` answers that it was asked too often"),
        )
        .help("wait, or say who you are: registries give more to those whom they know"),
        status => Failure::new(
            FailureKind::Unreachable,
            format!("the registry `{host}` answers {status} for `{image}`"),
        )
        .help("try again later"),
    }
}

/// The parameters of a challenge (RFC 9110, 11.2): names with words or quoted texts, between commas.
fn parameters(text: &str) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let mut rest = text.trim_start();
    while let Some((name, behind)) = rest.split_once('=') {
        let (value, next) = match behind.strip_prefix('"') {
            Some(quoted) => quoted.split_once('"').unwrap_or((quoted, "")),
            None => behind.split_once(',').unwrap_or((behind, "")),
        };
        found.insert(name.trim().to_ascii_lowercase(), value.trim().to_string());
        rest = next.trim_start_matches([',', ' ', '\t']);
    }
    found
}

/// The scheme, host and path of a URL, or of a path at the host that says it. What says TLS leads to nothing without.
fn place(from: &(String, String), url: &str) -> Option<(String, String, String)> {
    if url.starts_with('/') && !url.starts_with("//") && !from.1.is_empty() {
        return Some((from.0.clone(), from.1.clone(), url.to_string()));
    }
    let (scheme, rest) = url.split_once("://")?;
    let (host, path) = rest.find('/').map_or((rest, "/"), |at| rest.split_at(at));
    let is_host = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | ':' | '[' | ']' | '_');
    let is_known = scheme == "https" || scheme == "http" && (from.0 == "http" || is_of_this_machine(host));
    let plain = path.bytes().all(|byte| byte.is_ascii_graphic());
    (is_known && plain && !host.is_empty() && host.chars().all(is_host))
        .then(|| (scheme.to_string(), host.to_string(), path.to_string()))
}

/// The query of the next page in a header `Link: </v2/…?n=…&last=…>; rel="next"`.
fn next_page(link: &str) -> Option<&str> {
    let url = link.trim().strip_prefix('<')?.split('>').next()?;
    url.split_once('?')
        .map(|(_, query)| query)
        .filter(|query| query.bytes().all(|byte| byte.is_ascii_graphic()))
}

/// A text in a query (RFC 3986, 2.1).
fn escaped(text: &str) -> String {
    let escaped = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b':' | b'/' | b',' => {
            char::from(byte).to_string()
        }
        other => format!("%{other:02X}"),
    };
    text.bytes().map(escaped).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn challenges_are_read() {
        let found = parameters(
            "realm=\"https://auth.example.com/token\",service=\"r, and more\" , scope=repository:a/b:pull",
        );
        let found: Vec<(&str, &str)> = found.iter().map(|(name, value)| (&**name, &**value)).collect();
        assert_eq!(
            found,
            [
                ("realm", "https://auth.example.com/token"),
                ("scope", "repository:a/b:pull"),
                ("service", "r, and more")
            ]
        );
        for text in ["", "realm", "realm=\"", "=", ",,="] {
            assert!(parameters(text).len() < 2, "{text}");
        }
    }

    #[test]
    fn a_redirect_leads_to_no_plain_http_of_others() {
        let tls = ("https".to_string(), "r.example.com".to_string());
        for (url, found) in [
            ("/v2/x", Some("https://r.example.com/v2/x")),
            ("https://cdn.example.com/a?b=c", Some("https://cdn.example.com/a?b=c")),
            ("http://cdn.example.com/a", None),
            ("//cdn.example.com/a", None),
            ("file:///etc/shadow", None),
            ("https://u:p@cdn.example.com/a", None),
            ("https://a b/c", None),
        ] {
            let place = place(&tls, url).map(|(scheme, host, path)| format!("{scheme}://{host}{path}"));
            assert_eq!(place.as_deref(), found, "{url}");
        }
    }
}
