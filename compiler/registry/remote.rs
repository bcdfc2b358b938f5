//! A registry on the network, asked as docker asks it (OCI distribution specification, "Pull").

use super::Settings;
use super::bounded::{List, Text, Token, document};
use super::challenge::{Challenge, challenges};
use super::choice::Machine;
use super::credentials::{Credentials, DockerConfig};
use super::failure::{Failure, FailureKind, wrong};
use super::found::{self, FoundImage, FoundPlatform, Manifest};
use super::http::{Answer, Http, Request};
use super::repository::{Repository, is_of_this_machine};
use crate::large::parallel::locked;
use crate::value::digest::Digest;
use crate::value::image::Image;
use crate::value::platform::Platform;
use crate::value::quoted;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

/// The kinds of manifest that are understood.
const MANIFESTS: &str = "application/vnd.oci.image.index.v1+json, application/vnd.docker.distribution.manifest.list.v2+json, \
                         application/vnd.oci.image.manifest.v1+json, application/vnd.docker.distribution.manifest.v2+json";

/// Maximum bytes of a manifest, a configuration, a token, all pages of tags.
const MOST_MANIFEST: u64 = 4 << 20;
const MOST_CONFIG: u64 = 8 << 20;
const MOST_TOKEN: u64 = 64 << 10;
const MOST_TAGS: u64 = 16 << 20;
/// The most pages of tags, and the most redirects, that are followed.
const MOST_PAGES: usize = 200;
const MOST_REDIRECTS: usize = 5;
/// How often a registry that has no time is asked again, and how long it is waited for at most.
const AGAIN: usize = 2;
const LONGEST_WAIT: u64 = 10;

document! {
    /// A page of tags.
    Page { tags: List<Text, 200_000> = "tags" }
}

document! {
    /// An answer with a token. Services call it by either name.
    Granted { token: Token = "token", access_token: Token = "access_token" }
}

/// The headers that were good last, each for a registry and a repository. Whoever holds the lock asks for a new one, and the others wait.
type Authorized = Mutex<BTreeMap<(String, String), Arc<Mutex<Option<String>>>>>;

/// Asks registries, with what they told so far. It has no `Debug`: it knows passwords.
pub(super) struct Remote {
    http: Http,
    docker: DockerConfig,
    mirrors: BTreeMap<String, String>,
    /// What to say who we are, by registry and repository.
    authorized: Authorized,
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

impl Remote {
    /// Reads docker's settings.
    pub(super) fn new(settings: &Settings) -> Self {
        Self {
            http: Http::new(settings),
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
        // Not every registry says it, and some know no HEAD.
        let by_body = || self.manifest(&repository, image, reference(image)).map(|(digest, _)| digest);
        let answer = self.ask(&repository, image, question)?;
        let said = answer.header("docker-content-digest").and_then(|digest| Digest::parse(digest).ok());
        let Some(said) = said else { return by_body() };
        match image.digest() {
            Some(asked) if asked != said.as_str() => Err(wrong(
                &format!("`{image}` from `{}`", repository.host),
                &format!("is named `{said}` there"),
            )),
            _ => Ok(said),
        }
    }

    /// What is said of an image for each of some platforms.
    pub(super) fn fetch(&self, image: &Image, platforms: &BTreeSet<Platform>) -> Result<FoundImage, Failure> {
        let repository = Repository::of(image, &self.mirrors);
        let (digest, manifest) = self.manifest(&repository, image, reference(image))?;
        let mut found = FoundImage { digest: digest.clone(), platforms: BTreeMap::new() };
        let what = format!("`{image}`");
        match manifest {
            Manifest::Index(entries) => {
                for platform in platforms {
                    let chosen = found::chosen(&entries, platform, &what)?;
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
                let own = [own];
                for platform in platforms {
                    found::suits(platform, &own, &what)?;
                    let config = config.clone();
                    found
                        .platforms
                        .insert(platform.clone(), FoundPlatform { digest: digest.clone(), bytes, config });
                }
            }
        }
        Ok(found)
    }

    /// The tags of a repository. What is no tag is left out.
    pub(super) fn tags(&self, image: &Image) -> Result<Vec<String>, Failure> {
        let repository = Repository::of(image, &self.mirrors);
        let what = format!("the list of tags of `{}`", image.name());
        let (mut tags, mut rest, mut left) = (Vec::new(), "tags/list?n=1000".to_string(), MOST_TAGS);
        for _ in 0..MOST_PAGES {
            let question = Question { rest: &rest, accept: "application/json", head: false, most: left };
            let answer = self.ask(&repository, image, question)?;
            left = left.saturating_sub(answer.body.len() as u64);
            let page: Page = found::document(&answer.body, &what)?;
            let is_tag = |tag: &String| Image::parse(&format!("a:{tag}")).is_ok();
            tags.extend(page.tags.0.into_iter().map(|Text(tag)| tag).filter(is_tag));
            match answer.header("link").and_then(next_page) {
                Some(next) => rest = format!("tags/list?{next}"),
                None => return Ok(tags),
            }
        }
        Err(wrong(&what, &format!("has more than {MOST_PAGES} pages")))
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
        let asked = Digest::parse(named).ok();
        let said = answer.header("docker-content-digest").map(|said| (said, Digest::parse(said)));
        for digest in asked.iter().chain(said.iter().filter_map(|(_, said)| said.as_ref().ok())) {
            found::verified(&answer.body, digest, &what)?;
        }
        if let Some((said, Err(_))) = said {
            return Err(wrong(
                &what,
                &format!("has no digest as `Docker-Content-Digest`, but {}", quoted(said)),
            ));
        }
        let digest = asked.unwrap_or_else(|| found::digest_of(&answer.body));
        Ok((digest, found::manifest(&answer.body, &what)?))
    }

    fn config(
        &self,
        repository: &Repository,
        image: &Image,
        digest: &Digest,
    ) -> Result<(Machine, found::FoundConfig), Failure> {
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
                405 | 501 if question.head => return Ok(answer),
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
        let place = Arc::clone(locked(&self.authorized).entry(key).or_default());
        let sent = locked(&place).clone();
        let (scheme, answer) = self.by_scheme(repository, question, sent.as_deref())?;
        if answer.status != 401 {
            return self.followed(repository, scheme, question, answer);
        }
        let mut known = locked(&place);
        // Else another thread has a new one by now.
        if *known == sent {
            *known = self.authorization(repository, scheme, &answer)?;
        }
        let Some(authorization) = known.clone() else { return Ok(answer) };
        drop(known);
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
        refusal: &Answer,
    ) -> Result<Option<String>, Failure> {
        let credentials = self.docker.of(&repository.registry)?;
        // A password goes over the network only where nobody can read it.
        let is_private = scheme == "https" || is_of_this_machine(&repository.host);
        let credentials = if is_private { credentials } else { Credentials::Anonymous };
        let offered: Vec<Challenge> = refusal.all("www-authenticate").flat_map(challenges).collect();
        let by = |scheme: &str| offered.iter().find(|challenge| challenge.scheme == scheme);
        match (by("bearer"), by("basic")) {
            (Some(bearer), _) => self.token(repository, &credentials, bearer).map(Some),
            (None, Some(_)) => Ok(credentials.basic()),
            (None, None) => Ok(None),
        }
    }

    /// Asks the service that a registry names for a token.
    fn token(
        &self,
        repository: &Repository,
        credentials: &Credentials,
        challenge: &Challenge,
    ) -> Result<String, Failure> {
        let said = |name: &str| challenge.parameter(name);
        let fault = |why: &str| {
            Failure::new(FailureKind::Denied, format!("the registry `{}` {why}", repository.host))
        };
        let none = ("https".to_string(), String::new());
        let (scheme, host, path) = place(&none, said("realm"))
            .filter(|(scheme, host, _)| {
                // What listens here is not the service of a registry elsewhere.
                if is_of_this_machine(host) {
                    is_of_this_machine(&repository.host)
                } else {
                    scheme == "https"
                }
            })
            .ok_or_else(|| fault("names no service that gives tokens"))?;
        // The registry may name a wider scope, which nobody needs.
        let scope = &format!("repository:{}:pull", repository.path);
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
        let granted: Granted = super::bounded::read(&answer.body).unwrap_or_default();
        let token = [granted.token.0, granted.access_token.0].into_iter().find(|token| !token.is_empty());
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

/// The scheme, host and path of a URL, or of a path at the host that says it. What says TLS leads to nothing without.
fn place(from: &(String, String), url: &str) -> Option<(String, String, String)> {
    if url.starts_with('/') && !url.starts_with("//") && !from.1.is_empty() {
        return Some((from.0.clone(), from.1.clone(), url.to_string()));
    }
    let (scheme, rest) = url.split_once("://")?;
    let (host, path) = rest.find('/').map_or((rest, "/"), |at| rest.split_at(at));
    let is_host = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | ':' | '[' | ']' | '_');
    // A registry elsewhere leads to nobody on this machine.
    let is_near = is_of_this_machine(host) && (from.1.is_empty() || is_of_this_machine(&from.1));
    let is_far = !is_of_this_machine(host)
        && (scheme == "https" || scheme == "http" && *from == ("http".to_string(), host.to_string()));
    let is_known = is_far || is_near && matches!(scheme, "http" | "https");
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
    fn a_redirect_leads_to_no_plain_http_of_others() {
        let tls = ("https".to_string(), "r.example.com".to_string());
        for (url, found) in [
            ("/v2/x", Some("https://r.example.com/v2/x")),
            ("https://cdn.example.com/a?b=c", Some("https://cdn.example.com/a?b=c")),
            ("http://cdn.example.com/a", None),
            ("//cdn.example.com/a", None),
            ("http://127.0.0.1:8080/a", None),
            ("https://localhost/a", None),
            ("https://[::1]:1/a", None),
            ("file:///etc/shadow", None),
            ("https://u:p@cdn.example.com/a", None),
            ("https://a b/c", None),
        ] {
            let place = place(&tls, url).map(|(scheme, host, path)| format!("{scheme}://{host}{path}"));
            assert_eq!(place.as_deref(), found, "{url}");
        }
    }
}
