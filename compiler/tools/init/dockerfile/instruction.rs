//! The text of a Dockerfile → its instructions, each on one line: comments gone, continued lines joined, here-documents
//! passed over.

/// One instruction.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Instruction {
    /// Its name in capitals.
    pub(crate) name: String,
    /// The rest of the instruction, its lines joined.
    pub(crate) rest: String,
}

/// Reads them in order.
pub(crate) fn instructions(text: &str) -> Vec<Instruction> {
    let escape = escape(text);
    let mut lines = text.trim_start_matches('\u{FEFF}').lines();
    let mut instructions = Vec::new();
    while let Some(line) = lines.next() {
        let mut whole = String::new();
        let mut next = Some(line);
        while let Some(line) = next.take() {
            if is_comment(line) || (line.trim().is_empty() && !whole.is_empty()) {
                next = if whole.is_empty() { None } else { lines.next() };
                continue;
            }
            match line.trim_end().strip_suffix(escape) {
                Some(continued) => {
                    whole.push_str(continued);
                    next = lines.next();
                }
                None => whole.push_str(line),
            }
        }
        let (name, rest) = whole.trim().split_once(char::is_whitespace).unwrap_or((whole.trim(), ""));
        for delimiter in heredocs(name, rest) {
            // The document ends at its delimiter; tabs may stand before it where it was `<<-`.
            lines.by_ref().find(|line| line.trim_start_matches('\t') == delimiter);
        }
        if !name.is_empty() {
            let (name, rest) = (name.to_uppercase(), rest.trim().to_string());
            instructions.push(Instruction { name, rest });
        }
    }
    instructions
}

fn is_comment(line: &str) -> bool {
    line.trim_start().starts_with('#')
}

/// `# escape=` among the directives that the file may begin with.
fn escape(text: &str) -> char {
    let directives = text.lines().map_while(|line| line.trim_start().strip_prefix('#')?.split_once('='));
    let mut escapes = directives.filter(|(name, _)| name.trim().eq_ignore_ascii_case("escape"));
    escapes.next().and_then(|(_, value)| value.trim().chars().next()).unwrap_or('\\')
}

/// The delimiters of the here-documents that an instruction opens: `<<EOF`, `<<-"EOF"`.
fn heredocs(name: &str, rest: &str) -> Vec<String> {
    if !["RUN", "COPY", "ADD"].contains(&name.to_uppercase().as_str()) {
        return Vec::new();
    }
    let opened = rest
        .split_whitespace()
        .filter_map(|word| word.trim_start_matches(char::is_numeric).strip_prefix("<<"));
    let names = opened.map(|word| word.trim_start_matches('-').trim_matches(['"', '\'']).to_string());
    names.filter(|name| name.starts_with(|char: char| char.is_ascii_alphabetic() || char == '_')).collect()
}
