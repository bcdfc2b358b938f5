//! Text → the ranges in it that look like secrets. Each rule goes through a text once, whatever it holds.

use super::code::Code;
use super::is_made_up;
use super::name::{is_name, is_node, is_path, is_reference, looks_secret, takes_secret};
use super::pairs::pairs;
use super::pem::{is_base64, private_keys};
use super::programs::Programs;
use super::tokens::tokens;
use std::collections::BTreeSet;
use std::ops::Range;

/// Ranges of bytes, in no order, perhaps overlapping.
#[derive(Debug, Default)]
pub(crate) struct Spans {
    found: Vec<Range<usize>>,
    /// Set if code may be hidden.
    is_whole: bool,
}

impl From<Vec<Range<usize>>> for Spans {
    fn from(found: Vec<Range<usize>>) -> Self {
        Self { found, is_whole: false }
    }
}

impl Spans {
    /// Takes all of a value.
    pub(crate) fn whole(text: &str) -> Self {
        Self::default().with(std::iter::once(0..text.len()))
    }

    /// Finds secrets that are certain whatever stands around them.
    pub(crate) fn certain(text: &str) -> Self {
        Self::evident(text).without_code(text)
    }

    /// Finds what looks like a secret in a script that dpc wrote. Its colons are those of images, volumes and ports.
    pub(crate) fn of_script(text: &str) -> Self {
        let mut spans = Self::evident(text);
        spans.in_words(text, &['=']);
        spans.without_code(text)
    }

    /// Finds what looks like a secret in any text.
    pub(crate) fn of(text: &str) -> Self {
        let mut spans = Self::evident(text);
        spans.in_words(text, &SEPARATORS);
        spans.behind_names(text, false);
        spans.without_code(text)
    }

    /// Finds what looks like a secret in the value of a variable; with `random`, long random text too. In a value that is one URL no
    /// shell finds code.
    pub(crate) fn of_value(text: &str, random: bool) -> Self {
        let is_url =
            text.contains("://") && !text.contains(|c: char| c.is_whitespace() || "\"'`$".contains(c));
        let mut spans = Self::of(text);
        if is_url {
            spans.passwords_of_urls(text, &(0..text.len()));
        }
        if random {
            spans.random(text);
        }
        spans
    }

    /// Finds what looks like a secret in lines of settings, such as `requirepass x` and `login x password y`.
    pub(crate) fn of_settings(text: &str, random: bool) -> Self {
        let mut spans = Self::evident(text);
        spans.in_settings(text);
        if random {
            spans.random(text);
        }
        spans.without_code(text)
    }

    /// Finds the same for messages. Nobody reviews these, so all of a value is one.
    pub(crate) fn of_lines(text: &str) -> Self {
        let mut spans = Self { is_whole: true, ..Self::evident(text) };
        spans.in_settings(text);
        spans.with(private_keys(text))
    }

    /// The secrets within words that are certain.
    fn evident(text: &str) -> Self {
        let mut spans = Self::default();
        for word in words(text) {
            spans.passwords_of_urls(text, &word);
            spans.password_of_address(text, &word);
        }
        spans.bearers(text);
        spans.with(tokens(text))
    }

    fn in_settings(&mut self, text: &str) {
        self.in_words(text, &SEPARATORS);
        self.behind_names(text, true);
        self.below_names(text);
        self.of_accounts(text);
        self.in_pairs(text);
    }

    /// Values that stand beside their names. `key="TOKEN" value="x"` names one, so the name is shown.
    fn in_pairs(&mut self, text: &str) {
        let pairs = pairs(text);
        let names: BTreeSet<(usize, usize)> = pairs.names.iter().map(|name| (name.start, name.end)).collect();
        self.found.retain(|span| !names.contains(&(span.start, span.end)));
        self.add(pairs.values);
    }

    /// Lines of files that hold nothing but accounts: `user app on >password` of Redis, and those of `.pgpass`.
    fn of_accounts(&mut self, text: &str) {
        let mut start = 0;
        for line in text.split_inclusive('\n') {
            let body = line.trim_end();
            if body.starts_with("user ") {
                let passwords = words(body).filter(|word| body[..word.start].ends_with(" >"));
                self.add(passwords.map(|word| start + word.start..start + word.end));
            }
            let mut fields = body.splitn(5, ':');
            let port = fields.nth(1).unwrap_or_default();
            let is_port = port == "*" || !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit());
            if let Some(password) = fields.nth(2).filter(|_| is_port && !body.contains([' ', '/', '"', ',']))
            {
                self.add(std::iter::once(start + body.len() - password.len()..start + body.len()));
            }
            start += line.len();
        }
    }

    fn in_words(&mut self, text: &str, separators: &[char]) {
        self.assigned(text, separators);
        self.behind_flags(text);
        self.behind_programs(text);
    }

    /// Ends the ranges where code begins. Private keys are found by their lines, which hold none.
    fn without_code(mut self, text: &str) -> Self {
        let mut code = Code::default();
        self.found.sort_by_key(|span| span.start);
        for span in &mut self.found {
            *span = code.without(text, span.clone());
        }
        self.with(private_keys(text))
    }

    fn with(mut self, found: impl IntoIterator<Item = Range<usize>>) -> Self {
        self.add(found);
        self
    }

    /// Leaves out what lies in some ranges.
    pub(super) fn outside(mut self, ranges: &[&Range<usize>]) -> Self {
        let meets =
            |span: &Range<usize>, range: &Range<usize>| span.start < range.end && range.start < span.end;
        self.found.retain(|span| !ranges.iter().any(|range| meets(span, range)));
        self
    }

    /// The ranges, so far behind.
    pub(super) fn shifted(self, by: usize) -> impl Iterator<Item = Range<usize>> {
        self.found.into_iter().map(move |span| by + span.start..by + span.end)
    }

    /// Adds ranges.
    pub(crate) fn add(&mut self, found: impl IntoIterator<Item = Range<usize>>) {
        self.found.extend(found);
    }

    /// The secrets themselves.
    pub(crate) fn texts(&self, text: &str) -> BTreeSet<String> {
        let spans = self.merged();
        spans.into_iter().map(|span| text[span].to_string()).filter(|text| !text.is_empty()).collect()
    }

    /// Returns the ranges in order, with overlapping ones joined.
    pub(crate) fn merged(&self) -> Vec<Range<usize>> {
        let mut sorted = self.found.clone();
        sorted.sort_by_key(|span| (span.start, span.end));
        let mut merged: Vec<Range<usize>> = Vec::new();
        for span in sorted.into_iter().filter(|span| !span.is_empty()) {
            match merged.last_mut() {
                Some(last) if span.start < last.end => last.end = last.end.max(span.end),
                _ => merged.push(span),
            }
        }
        merged
    }

    /// `scheme://user:password@host`, RFC 3986, 3.2.1. A password with an unescaped `@` or `/` in it ends at the last `@`.
    fn passwords_of_urls(&mut self, text: &str, word: &Range<usize>) {
        let Some(at) = text[word.clone()].rfind('@').map(|at| word.start + at) else { return };
        for (scheme, separator) in text[word.start..at].match_indices("://") {
            let start = word.start + scheme + separator.len();
            // Up to the next scheme at most.
            match text[start..=at].find([':', '/', '@']).map(|stop| start + stop) {
                Some(stop) if text[stop..].starts_with(':') => self.found.push(stop + 1..at),
                Some(stop)
                    if text[stop..].starts_with('@')
                        && is_token(&text[word.start..start], &text[start..stop]) =>
                {
                    self.found.push(start..stop);
                }
                _ => {}
            }
        }
    }

    /// `user:password@host`, and `user:password@tcp(host)` of a Go driver. An image's `name:tag@sha256:…` is none.
    fn password_of_address(&mut self, text: &str, word: &Range<usize>) {
        let inside = &text[word.clone()];
        let (Some(at), Some(colon)) = (inside.rfind('@'), inside.find(':')) else { return };
        if colon > at || inside[colon..].starts_with("://") {
            return;
        }
        let host = &inside[at + 1..];
        let is_digest = host.split_once(':').is_some_and(|(kind, _)| kind.starts_with("sha"));
        let is_driver = host
            .split_once('(')
            .is_some_and(|(kind, _)| kind.bytes().all(|byte| byte.is_ascii_alphanumeric()));
        let (start, end) = (inside[..colon].rfind(|c| !is_name(c)).map_or(0, |at| at + 1), colon + 1);
        let is_user = start < colon && inside.is_char_boundary(start);
        let is_host = host.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '[');
        if is_user && !is_digest && (is_driver || (is_host && !inside[end..at].contains('/'))) {
            self.found.push(word.start + end..word.start + at);
        }
    }

    /// `Bearer x` and `Basic x`, RFC 6750 and 7617.
    fn bearers(&mut self, text: &str) {
        let mut scheme = false;
        for word in words(text) {
            let inside = &text[word.clone()];
            let is_prose =
                inside.bytes().skip(1).all(|byte| byte.is_ascii_lowercase() || b".:!?)".contains(&byte));
            if scheme && inside.len() >= 8 && !is_prose && !is_reference(inside) {
                self.found.push(word.clone());
            }
            let last = inside.rsplit(['=', ':']).next().unwrap_or(inside);
            scheme = SCHEMES.iter().any(|scheme| last.eq_ignore_ascii_case(scheme));
        }
    }

    /// `NAME=value`, `name: value`, `"name": "value"`, `name => value` and `<name>value<` where the name says that it is secret.
    fn assigned(&mut self, text: &str, separators: &[char]) {
        let mut ends = ValueEnds::default();
        let mut code = Code::default();
        let mut known_to = 0;
        // Behind a bracket a value may stand in a list or a call, where it is one word.
        let bracket = text.find(['{', '(', '[']).unwrap_or(text.len());
        for (at, separator) in text.match_indices(separators) {
            // Text inside a secret is part of it.
            if at < known_to {
                continue;
            }
            // `:=` and `=>` are one sign.
            let before = &text[known_to.min(at)..at];
            let before = before.strip_suffix(['=', ':']).unwrap_or(before);
            let before = before.trim_end_matches([' ', '\t']).trim_end_matches(['"', '\'', '\\']);
            let name_start = before.rfind(|c| !is_name(c)).map_or(0, |last| last + char_length(before, last));
            let is_tag = before[..name_start].ends_with('<');
            let name = &before[name_start..];
            // A signature in a URL opens what the URL leads to.
            let is_signature = name == "sig" && before[..name_start].ends_with(['?', '&']);
            if !(is_signature || looks_secret(name))
                || (separator == ">" && !is_tag && !text[..at].ends_with('='))
            {
                continue;
            }
            let rest = &text[at + 1..];
            // To a shell `TOKEN= x` runs `x`.
            if separator == "=" && rest.starts_with([' ', '\t']) && text[..at].ends_with(is_name) {
                continue;
            }
            // The first of a list: TOML's `passwords = ["x"]`.
            let value = rest.trim_start_matches([' ', '\t']);
            let is_list = value.starts_with('[');
            let value = value.trim_start_matches(['[', ' ']);
            let start = text.len() - value.len();
            let name_at = known_to.min(at) + name_start;
            let is_line = self.is_whole || at < bracket && !is_list && begins_line(&text[..name_at]);
            let span = ends.value(text, start, separator == ":" && is_line);
            if is_list && !is_made_up(&text[span.clone()]) {
                continue;
            }
            let value = &text[span.clone()];
            if is_path(value) {
                known_to = span.end;
            } else if !is_reference(value) && !value.starts_with("//") && !value.starts_with(['=', '>', '|'])
            {
                let end = behind_scheme(text, &span).unwrap_or(span.end);
                let span = span.start..end;
                let span = if self.is_whole { span } else { code.without(text, span) };
                known_to = span.end;
                self.found.push(span);
            }
        }
    }

    /// `--password value` within one text.
    fn behind_flags(&mut self, text: &str) {
        let mut ends = ValueEnds::default();
        for word in words(text) {
            let flag = &text[word.clone()];
            let rest = text[word.end..].trim_start_matches(' ');
            let start = text.len() - rest.len();
            if start == word.end || rest.starts_with(['-', '\\', '\n']) || !takes_secret(flag) {
                continue;
            }
            let span = ends.value(text, start, false);
            if !is_reference(&text[span.clone()]) {
                self.found.push(span);
            }
        }
    }

    /// `mysql -pvalue`, `curl -u user:value` within one text.
    fn behind_programs(&mut self, text: &str) {
        let mut programs = Programs::default();
        let mut before = 0..0;
        for word in words(text) {
            let between = &text[before.end..word.start];
            if between.contains(';') || between.contains('\n') && &text[before.clone()] != "\\" {
                programs = Programs::default();
            }
            // `-p'a b'` is one word to a shell.
            let is_joined = matches!(between, "'" | "\"") && programs.joins(&text[before.clone()]);
            let secret = programs.word(&text[word.clone()]);
            if let Some(span) = if is_joined { Some(0..word.len()) } else { secret } {
                self.found.push(word.start + span.start..quoted_end(text, &word));
            }
            before = word;
        }
    }

    /// `requirepass value` at the start of a line or a block, and `password value` anywhere.
    fn behind_names(&mut self, text: &str, is_settings: bool) {
        let mut ends = ValueEnds::default();
        let mut is_first = true;
        // SQL's `IDENTIFIED BY 'x'`.
        let mut identifies = false;
        let mut end = 0;
        for word in words(text) {
            is_first = end == 0
                || text[end..word.start].contains(['\n', '\r', ';'])
                || is_first && end == word.start;
            end = word.end;
            let name = text[word.clone()].trim_start_matches(['{', '(', '"']);
            let rest = text[word.end..].trim_start_matches([' ', '\t']);
            let start = text.len() - rest.len();
            let is_named = name.bytes().all(|byte| is_name(byte as char)) && start > word.end;
            let counts =
                is_first && is_settings || ANYWHERE.iter().any(|word| name.eq_ignore_ascii_case(word));
            is_first = name.is_empty() || name == "}";
            let is_identified = std::mem::replace(&mut identifies, name.eq_ignore_ascii_case("identified"))
                && name.eq_ignore_ascii_case("by");
            if !is_identified && (!is_named || !counts || is_node(name) || !looks_secret(name)) {
                continue;
            }
            let span = ends.value(text, start, false);
            let value = &text[span.clone()];
            let is_value = is_settings || is_made_up(value);
            if is_value && !is_reference(value) && !value.starts_with(['=', ':', '{', '\\', '<', '>', '-']) {
                self.found.push(span);
            }
        }
    }

    /// YAML's `password: |` and `password:` with single words below it, which may be a list.
    fn below_names(&mut self, text: &str) {
        let (mut start, mut outer) = (0, None);
        for line in text.split_inclusive('\n') {
            let (body, indent) = (line.trim(), line.len() - line.trim_start().len());
            let word = body.strip_prefix("- ").unwrap_or(body).trim_matches(['"', '\'']);
            let is_below =
                outer.is_some_and(|outer| indent > outer || indent == outer && body.starts_with("- "));
            if is_below
                && !word.contains([' ', ':'])
                && !word.starts_with(['.', '/'])
                && is_made_up(word)
                && !is_reference(word)
            {
                let at = start + line.find(word).unwrap_or(0);
                self.found.push(at..at + word.len());
            } else if !body.is_empty() {
                outer = opens_secret(body).then_some(indent);
            }
            start += line.len();
        }
    }

    fn random(&mut self, text: &str) {
        let mut start = 0;
        for word in text.split_inclusive(|c: char| !is_base64(c)) {
            let token = word.trim_end_matches(|c: char| !is_base64(c));
            if random(token) {
                self.found.push(start..start + token.len());
            }
            start += word.len();
        }
    }
}

const SHORTEST_TOKEN: usize = 10;
const SEPARATORS: [char; 3] = ['=', ':', '>'];
/// Maximum length of the sign behind which YAML's text begins on the next line, such as `|2-`.
const LONGEST_INDICATOR: usize = 3;

/// Returns whether the value of a secret begins below a line of YAML.
fn opens_secret(line: &str) -> bool {
    line.split_once(':').is_some_and(|(name, rest)| {
        let rest = rest.trim();
        let is_open = rest.is_empty() || rest.starts_with(['|', '>']) && rest.len() <= LONGEST_INDICATOR;
        is_open && looks_secret(name.trim_matches(['-', ' ', '"', '\'']))
    })
}

/// Settings whose values follow them in the midst of a line, such as SQL's `PASSWORD 'x'`.
const ANYWHERE: [&str; 4] = ["password", "passwd", "requirepass", "masterauth"];
/// Words before the credentials of an `Authorization` header.
const SCHEMES: [&str; 4] = ["bearer", "basic", "token", "digest"];

/// Returns whether a line of YAML begins there, behind these.
fn begins_line(before: &str) -> bool {
    let before = before.trim_end_matches([' ', '\t', '-', '"', '\'']);
    before.is_empty() || before.ends_with(['\n', '\r'])
}

/// The end of the credentials behind a value that is only their scheme: `AUTH=Bearer x`.
fn behind_scheme(text: &str, span: &Range<usize>) -> Option<usize> {
    let value = &text[span.clone()];
    let rest = SCHEMES.iter().any(|scheme| value.eq_ignore_ascii_case(scheme)).then(|| &text[span.end..])?;
    let credentials = rest.strip_prefix(' ')?;
    Some(span.end + 1 + credentials.find(ends_word).unwrap_or(credentials.len()))
}

/// Quotes around texts of several lines, in Python and TOML.
const TRIPLE: [&str; 2] = ["\"\"\"", "'''"];

/// The words of a text, none of them empty.
fn words(text: &str) -> impl Iterator<Item = Range<usize>> + '_ {
    let mut start = 0;
    text.split_inclusive(ends_word).filter_map(move |word| {
        let range = start..start + word.trim_end_matches(ends_word).len();
        start += word.len();
        (!range.is_empty()).then_some(range)
    })
}

/// The ends of words and lines, found once for all values that end there.
#[derive(Default)]
struct ValueEnds {
    word: Range<usize>,
    line: Range<usize>,
}

impl ValueEnds {
    /// Reads a quoted value up to its quote; with `whole_line` a bare one up to the end of its line, since YAML's have spaces.
    fn value(&mut self, text: &str, mut start: usize, whole_line: bool) -> Range<usize> {
        let rest = &text[start..];
        let escaped = rest.strip_prefix('\\').unwrap_or(rest);
        if let Some(quote) = escaped.chars().next().filter(|c| matches!(c, '"' | '\'')) {
            let open = start + rest.len() - escaped.len() + 1;
            let is_escaped = escaped.len() < rest.len();
            if let Some(triple) = TRIPLE.iter().find(|triple| rest.starts_with(**triple)) {
                let open = start + triple.len();
                let length = text[open..].find(*triple).unwrap_or(0);
                return open..open + length;
            }
            if let Some(length) = quoted_length(&text[open..], quote, is_escaped) {
                return open..open + length;
            }
            start = open;
        }
        let known = if whole_line { &mut self.line } else { &mut self.word };
        if !known.contains(&start) && known.end != start {
            let ends = |c: char| match c {
                '"' | '\'' | '\n' | '\r' => true,
                c => !whole_line && ends_word(c),
            };
            *known = start..text[start..].find(ends).map_or(text.len(), |end| start + end);
        }
        let end = known.end;
        let cut = text[start..end].len() - text[start..end].trim_end_matches([' ', ',', '}']).len();
        start..end - cut
    }
}

/// Returns whether what stands before the `@` of a URL is a token and no user.
fn is_token(scheme: &str, user: &str) -> bool {
    let is_http = scheme.ends_with("http://") || scheme.ends_with("https://");
    random(user) || is_http && user.len() >= SHORTEST_TOKEN && user.contains(|c: char| c.is_ascii_digit())
}

/// Returns the end of a word: behind a quote, the end of the quoted text.
fn quoted_end(text: &str, word: &Range<usize>) -> usize {
    let quote = text[..word.start].chars().next_back().filter(|c| matches!(c, '"' | '\''));
    let length = quote.and_then(|quote| text[word.end..].find([quote, '\n'])).unwrap_or(0);
    word.end + length
}

/// Replaces each span of `text` by the mark for its text.
pub(crate) fn conceal<M: AsRef<str>>(text: &str, spans: &Spans, mark: impl Fn(&str) -> M) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut end = 0;
    for span in spans.merged() {
        shown.push_str(&text[end..span.start]);
        shown.push_str(mark(&text[span.clone()]).as_ref());
        end = span.end;
    }
    shown.push_str(&text[end..]);
    shown
}

/// Returns whether a word is too long and too mixed to have been made up by a person.
pub(crate) fn random(word: &str) -> bool {
    let classes: Vec<u8> = word.bytes().filter_map(class).collect();
    if classes.len() < 20 || !classes.contains(&b'0') {
        return false;
    }
    let changes = classes.windows(2).filter(|pair| pair[0] != pair[1]).count();
    let mixed = classes.contains(&b'A') && classes.contains(&b'a');
    // Random base64 differs in kind between more than half of the neighbours, random digits and small letters between two in
    // five, names with numbers between one in five.
    changes * 100 >= classes.len() * if mixed { 40 } else { 28 }
}

fn class(byte: u8) -> Option<u8> {
    match byte {
        b'0'..=b'9' => Some(b'0'),
        b'A'..=b'Z' => Some(b'A'),
        b'a'..=b'z' => Some(b'a'),
        _ => None,
    }
}

pub(super) fn ends_word(c: char) -> bool {
    c.is_whitespace() || matches!(c, '"' | '\'' | '`' | '<' | '>' | ',' | ';')
}

fn char_length(text: &str, at: usize) -> usize {
    text[at..].chars().next().map_or(1, char::len_utf8)
}

/// Goes up to the quote that ends a text in its line. An escaped quote does not end it.
fn quoted_length(text: &str, quote: char, is_escaped: bool) -> Option<usize> {
    let mut escaped = false;
    for (at, c) in text.char_indices() {
        match c {
            _ if escaped => {
                if is_escaped && c == quote {
                    return Some(at - 1);
                }
                escaped = false;
            }
            '\\' if quote == '"' || is_escaped => escaped = true,
            c if c == quote => return Some(at),
            '\n' => return None,
            _ => {}
        }
    }
    None
}
