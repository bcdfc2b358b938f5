//! Scripts, as another reader of POSIX sh than the shells understands them; and now and then a shell itself, which takes a
//! thousand times as long.

use conch_parser::ast::{
    self, AndOr, Command, CompoundCommandKind, ListableCommand, PipeableCommand, RedirectOrCmdWord,
    SimpleWord, TopLevelCommand, TopLevelWord, Word,
};
use conch_parser::lexer::Lexer;
use conch_parser::parse::DefaultParser;
use dpc::backend::docker::run::{RunFlag, flags, image_and_command, marks};
use dpc::backend::docker::shell::ACTIVATE;
use dpc::model::plan::{Plan, Unit};
use dpc::template::SHIPPED;
use std::collections::BTreeSet;
use std::io::Write;
use std::process::Stdio;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};

/// A script that is one. It takes longer to read than a compile does, and most are as they were before.
pub fn parses(script: &str) {
    static SEEN: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());
    if SEEN.lock().expect("no thread panics").insert(dpc::encode::digest::sha256(script.as_bytes())) {
        commands(script);
    }
}

/// Checks that it starts the container of the plan, after its needs.
pub fn runs(plan: &Plan, unit: &Unit, script: &str) {
    let commands = commands(script);
    let mut words = ["docker", "run", "--detach"].map(str::to_string).to_vec();
    let flags = flags(&plan.fleet, &unit.name, &unit.container).into_iter().chain(marks(&plan.fleet, unit));
    flags.for_each(|flag: RunFlag| words.extend(flag.into_words().map(String::from)));
    words.extend(image_and_command(&unit.container).map(str::to_string));
    // In time, which is a variable.
    let timed = ["exec", "timeout", "--kill-after=5"].map(|word| Some(word.to_string()));
    let should: Vec<_> = timed.into_iter().chain([None]).chain(words.into_iter().map(Some)).collect();
    assert_eq!(
        called(&commands, &["exec", "timeout"]),
        vec![&should],
        "{} runs another container",
        unit.name
    );
    let within = called(&commands, &["within"]);
    let seconds = within.iter().map(|words| words[1].clone().unwrap_or_default());
    assert!(seconds.eq(unit.waits.iter().map(|wait| wait.timeout_seconds.to_string())), "{within:?}");
}

/// The words of a command; none for a word that is not literal.
type Words = Vec<Option<String>>;

fn called<'a>(commands: &'a [Words], first: &[&str]) -> Vec<&'a Words> {
    let begins = |words: &&Words| {
        words.len() >= first.len()
            && words.iter().zip(first).all(|(word, first)| word.as_deref() == Some(first))
    };
    commands.iter().filter(begins).collect()
}

fn commands(script: &str) -> Vec<Words> {
    assert!(!script.contains('\0'));
    dash(script);
    let plain = without_arithmetic(script);
    let read: Result<Vec<_>, _> = DefaultParser::new(Lexer::new(plain.chars())).into_iter().collect();
    let mut commands = Vec::new();
    list(&read.unwrap_or_else(|error| panic!("not POSIX sh: {error}:\n{script}")), &mut commands);
    commands
}

/// The script without the arithmetic of the templates' own lines, which this reader does not know.
fn without_arithmetic(script: &str) -> String {
    let mut plain = script.to_string();
    for line in SHIPPED.iter().map(|(_, text)| *text).chain(ACTIVATE).flat_map(str::lines) {
        if let (Some(start), Some(end)) = (line.find("$(("), line.rfind("))")) {
            plain = plain.replace(line, &format!("{}1{}", &line[..start], &line[end + 2..]));
        }
    }
    plain
}

/// Number of scripts of which one also goes to a real shell.
const SAMPLE: u32 = 64;

fn dash(script: &str) {
    static SEEN: AtomicU32 = AtomicU32::new(0);
    if !SEEN.fetch_add(1, Ordering::Relaxed).is_multiple_of(SAMPLE) {
        return;
    }
    let mut shell = std::process::Command::new("dash");
    let Ok(mut child) = shell.arg("-n").stdin(Stdio::piped()).stderr(Stdio::piped()).spawn() else { return };
    let wrote = child.stdin.take().map(|mut stdin| stdin.write_all(script.as_bytes()));
    let said = child.wait_with_output().expect("dash runs");
    assert!(wrote.is_some_and(|wrote| wrote.is_ok()) && said.status.success(), "dash: {said:?}:\n{script}");
}

fn list(list: &[TopLevelCommand<String>], found: &mut Vec<Words>) {
    for command in list {
        let (Command::Job(chain) | Command::List(chain)) = &command.0;
        listable(&chain.first, found);
        for AndOr::And(next) | AndOr::Or(next) in &chain.rest {
            listable(next, found);
        }
    }
}

fn listable(command: &ast::DefaultListableCommand, found: &mut Vec<Words>) {
    match command {
        ListableCommand::Single(one) => pipeable(one, found),
        ListableCommand::Pipe(_, all) => all.iter().for_each(|one| pipeable(one, found)),
    }
}

fn pipeable(command: &ast::DefaultPipeableCommand, found: &mut Vec<Words>) {
    match command {
        PipeableCommand::Simple(simple) => {
            let word = |part: &RedirectOrCmdWord<_, TopLevelWord<String>>| match part {
                RedirectOrCmdWord::CmdWord(word) => Some(literal(word)),
                RedirectOrCmdWord::Redirect(_) => None,
            };
            found.push(simple.redirects_or_cmd_words.iter().filter_map(word).collect());
        }
        PipeableCommand::Compound(compound) => kind(&compound.kind, found),
        PipeableCommand::FunctionDef(_, body) => kind(&body.kind, found),
    }
}

fn kind(kind: &ast::DefaultCompoundCommandKind, found: &mut Vec<Words>) {
    match kind {
        CompoundCommandKind::Brace(body) | CompoundCommandKind::Subshell(body) => list(body, found),
        CompoundCommandKind::While(pair) | CompoundCommandKind::Until(pair) => {
            list(&pair.guard, found);
            list(&pair.body, found);
        }
        CompoundCommandKind::If { conditionals, else_branch } => {
            for pair in conditionals {
                list(&pair.guard, found);
                list(&pair.body, found);
            }
            else_branch.iter().for_each(|body| list(body, found));
        }
        CompoundCommandKind::For { body, .. } => list(body, found),
        CompoundCommandKind::Case { arms, .. } => arms.iter().for_each(|arm| list(&arm.body, found)),
    }
}

/// Returns the text that a shell makes of a word, if that is the same everywhere.
fn literal(word: &TopLevelWord<String>) -> Option<String> {
    match &word.0 {
        ast::ComplexWord::Single(part) => piece(part, true),
        ast::ComplexWord::Concat(parts) => {
            parts.iter().enumerate().map(|(index, part)| piece(part, index == 0)).collect()
        }
    }
}

fn piece(part: &ast::DefaultWord, first: bool) -> Option<String> {
    match part {
        Word::SingleQuoted(text) => Some(text.clone()),
        Word::DoubleQuoted(parts) => parts.iter().map(simple).collect(),
        Word::Simple(SimpleWord::Tilde) if !first => Some("~".to_string()),
        Word::Simple(part) => simple(part),
    }
}

fn simple(part: &ast::DefaultSimpleWord) -> Option<String> {
    match part {
        SimpleWord::Literal(text) | SimpleWord::Escaped(text) => Some(text.clone()),
        SimpleWord::SquareClose => Some("]".to_string()),
        SimpleWord::Colon => Some(":".to_string()),
        _ => None,
    }
}
