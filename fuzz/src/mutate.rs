//! Mutations that keep the form of a text: lines move, values change places, odd values come in. Half of the time libFuzzer
//! mutates bytes and words of its dictionary.

use libfuzzer_sys::fuzzer_mutate;

/// Values that somewhere are the first or the last of their kind, or mean something to some reader.
const ODD: [&str; 48] = [
    "0",
    "-1",
    "1",
    "65535",
    "65536",
    "4294967296",
    "9223372036854775807",
    "18446744073709551615",
    "1e400",
    "0x1F",
    "3.10",
    "0755",
    "#true",
    "#null",
    "#inf",
    "\"\"",
    "\" \"",
    "\"a\\nb\"",
    "\"\\u{0}\"",
    "\"\\r\"",
    "\"\\u{2028}\"",
    "\"\\u{202e}\"",
    "\"\\\\\"",
    "\"'\"",
    "\"`\"",
    "\"$(id)\"",
    "\"%n\"",
    "\"@name\"",
    "\"</details>\"",
    "\"|\"",
    "\"{{ }}\"",
    "\"{{ instance }}\"",
    "\"{{ ports.http }}\"",
    "\"{{ var.tag }}\"",
    "\"{{ host.address }}\"",
    "\"/\"",
    "\"/..\"",
    "\"//a\"",
    "\"../x\"",
    "\"-v\"",
    "\"a:b\"",
    "\"a,b\"",
    "\"a=b\"",
    "\"[::1]\"",
    "\"127.0.0.1\"",
    "\"10ms\"",
    "\"99999999999h\"",
    "\"é\u{1F600}\"",
];

/// Signs that some reader gives a meaning to, and others that are easily taken for them.
const SIGNS: &str =
    "$`'\"\\!#&|;<>()[]{}*?~%@^=+,:./-_ \t\r\n0aZ\u{7f}\u{85}\u{ad}\u{e9}\u{200b}\u{2028}\u{202e}\u{feff}";

/// Changes the text in the first `size` bytes; gives the new size.
pub fn mutate(data: &mut [u8], size: usize, max_size: usize, seed: u32) -> usize {
    let mut random = Random(u64::from(seed) << 1 | 1);
    let text = std::str::from_utf8(&data[..size]);
    let (Ok(text), true) = (text, random.below(2) == 0) else { return fuzzer_mutate(data, size, max_size) };
    let mut changed = text.to_string();
    for _ in 0..=random.below(3) {
        changed = change(&changed, &mut random);
    }
    if changed.is_empty() || changed.len() > max_size.min(data.len()) {
        return fuzzer_mutate(data, size, max_size);
    }
    data[..changed.len()].copy_from_slice(changed.as_bytes());
    changed.len()
}

fn change(text: &str, random: &mut Random) -> String {
    match random.below(9) {
        0 => lines(text, random, |lines, at, _| {
            lines.remove(at);
        }),
        1 => lines(text, random, |lines, at, to| {
            let line = lines.remove(at);
            lines.insert(to.min(lines.len()), line);
        }),
        2 => lines(text, random, |lines, at, to| lines.insert(to, lines[at])),
        3 => lines(text, random, |lines, at, to| lines.swap(at, to)),
        4 => words(text, random, |words, at, to| words[to] = words[at]),
        5..=7 => sign(text, random),
        _ => {
            let odd = ODD[random.below(ODD.len())];
            words(text, random, |words, at, _| words[at] = odd)
        }
    }
}

/// Changes lines; both places are among them.
fn lines(text: &str, random: &mut Random, change: impl Fn(&mut Vec<&str>, usize, usize)) -> String {
    let mut lines: Vec<&str> = text.split_inclusive('\n').collect();
    if lines.is_empty() {
        return text.to_string();
    }
    let (at, to) = (random.below(lines.len()), random.below(lines.len()));
    change(&mut lines, at, to);
    lines.concat()
}

/// Changes words, which are separated by quotes, spaces and `=`; the text between them stays.
fn words(text: &str, random: &mut Random, change: impl Fn(&mut Vec<&str>, usize, usize)) -> String {
    let (mut words, between) = pieces(text);
    if words.is_empty() {
        return text.to_string();
    }
    let (at, to) = (random.below(words.len()), random.below(words.len()));
    change(&mut words, at, to);
    let mut changed = String::with_capacity(text.len());
    for (space, word) in between.iter().zip(words.iter().copied().chain([""])) {
        changed.push_str(space);
        changed.push_str(word);
    }
    changed
}

/// Puts a sign into a word, more often than not one that is quoted, and then between its quotes.
fn sign(text: &str, random: &mut Random) -> String {
    let (mut words, _) = pieces(text);
    let is_quoted = |word: &&str| word.len() > 2 && word.starts_with(['"', '\'']);
    if random.below(4) > 0 && words.iter().any(is_quoted) {
        words.retain(is_quoted);
    }
    if words.is_empty() {
        return text.to_string();
    }
    let word = words[random.below(words.len())];
    let inside = if is_quoted(&word) { 1..word.len() - 1 } else { 0..word.len() };
    let places: Vec<usize> = inside.filter(|place| word.is_char_boundary(*place)).collect();
    let place = word.as_ptr() as usize - text.as_ptr() as usize + places[random.below(places.len())];
    let sign = SIGNS.chars().nth(random.below(SIGNS.chars().count())).unwrap_or('$');
    format!("{}{sign}{}", &text[..place], &text[place..])
}

/// Returns the words of a text, and the text before, between and behind them.
fn pieces(text: &str) -> (Vec<&str>, Vec<&str>) {
    let (mut words, mut between) = (Vec::new(), Vec::new());
    let mut rest = text;
    loop {
        let start = rest.find(|c| !is_between(c)).unwrap_or(rest.len());
        between.push(&rest[..start]);
        rest = &rest[start..];
        if rest.is_empty() {
            return (words, between);
        }
        let quote = rest.chars().next().filter(|first| matches!(first, '"' | '\''));
        let end = match quote {
            Some(quote) => rest[1..].find([quote, '\n']).map_or(rest.len(), |end| end + 2),
            None => rest.find(is_between).unwrap_or(rest.len()),
        };
        words.push(&rest[..end]);
        rest = &rest[end..];
    }
}

fn is_between(c: char) -> bool {
    c.is_whitespace() || matches!(c, '=' | '{' | '}' | ';')
}

/// Marsaglia's xorshift: no state outside, so that a seed of libFuzzer gives the same each time.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        for shift in [(13, false), (7, true), (17, false)] {
            self.0 ^= if shift.1 { self.0 >> shift.0 } else { self.0 << shift.0 };
        }
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) as usize % limit
    }
}
