//! Runs a program of docker's: its answer is bounded, and so is its time.

use std::ffi::OsStr;
use std::io::{ErrorKind, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::{Duration, Instant};

/// Maximum number of bytes of an answer.
const BYTES: u64 = 16 << 20;

/// What a program said.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Said {
    pub(super) succeeded: bool,
    pub(super) output: Vec<u8>,
    pub(super) errors: String,
}

/// Why a program said nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Silence {
    /// It is not there.
    Missing,
    /// It cannot be started.
    Broken,
    /// It did not end in time.
    Slow,
    /// It says more than anybody reads.
    TooMuch,
}

/// Runs a program of `$PATH`, or of a directory, with an input.
pub(super) fn run(
    directory: Option<&Path>,
    name: &str,
    arguments: &[impl AsRef<OsStr>],
    input: &str,
    limit: Duration,
) -> Result<Said, Silence> {
    let end = Instant::now() + limit;
    let program = directory.map_or_else(|| PathBuf::from(name), |directory| directory.join(name));
    let mut child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(
            |error| if error.kind() == ErrorKind::NotFound { Silence::Missing } else { Silence::Broken },
        )?;
    // The threads are not waited for: a process that the program left behind may keep its output open.
    let (mut to, input) = (child.stdin.take(), input.to_owned());
    thread::spawn(move || to.as_mut().map(|to| to.write_all(input.as_bytes())));
    let (output, errors) = (reading(child.stdout.take()), reading(child.stderr.take()));
    let said = answer(&output, &errors, end).and_then(|(output, errors)| {
        let errors = String::from_utf8_lossy(&errors).into_owned();
        let succeeded = ended(&mut child, end).ok_or(Silence::Slow)?;
        Ok(Said { succeeded, output, errors })
    });
    if said.is_err() {
        let _ = child.kill();
        let _ = child.wait();
    }
    said
}

fn answer(
    output: &Receiver<Vec<u8>>,
    errors: &Receiver<Vec<u8>>,
    end: Instant,
) -> Result<(Vec<u8>, Vec<u8>), Silence> {
    let receive = |from: &Receiver<Vec<u8>>| {
        let answer = from.recv_timeout(end.saturating_duration_since(Instant::now()));
        answer.map_err(|_| Silence::Slow)
    };
    let both = (receive(output)?, receive(errors)?);
    if both.0.len() as u64 > BYTES { Err(Silence::TooMuch) } else { Ok(both) }
}

fn reading(from: Option<impl Read + Send + 'static>) -> Receiver<Vec<u8>> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        let mut all = Vec::new();
        // A program whose output breaks off has said what it said.
        let _ = from.map(|from| from.take(BYTES + 1).read_to_end(&mut all));
        sender.send(all)
    });
    receiver
}

/// Waits for the end. Returns whether it was a good one.
fn ended(child: &mut Child, end: Instant) -> Option<bool> {
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return Some(status.success()),
            Ok(None) if Instant::now() < end => thread::sleep(Duration::from_millis(2)),
            _ => return None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOON: Duration = Duration::from_millis(300);

    fn sh(script: &str, limit: Duration) -> Result<Said, Silence> {
        run(None, "sh", &["-c", script], "question", limit)
    }

    #[test]
    fn a_program_answers_in_time_or_not_at_all() {
        let said = sh("cat; echo no >&2; exit 3", Duration::from_secs(20)).unwrap();
        assert_eq!(said, Said { succeeded: false, output: b"question".to_vec(), errors: "no\n".to_owned() });
        assert_eq!(sh("exec sleep 60", SOON), Err(Silence::Slow));
        assert_eq!(sh("exec >&- 2>&-; exec sleep 60", SOON), Err(Silence::Slow));
        assert_eq!(sh("exec cat /dev/zero", Duration::from_secs(20)), Err(Silence::TooMuch));
        assert_eq!(run(None, "no-such-program", &[""], "", SOON), Err(Silence::Missing));
    }
}
