//! Config files: their process can read them, and every machine can store them.

use crate::diagnostic::{Diagnostic, Fault, Report};
use crate::model::container::{ConfigFile, Container};
use crate::model::fleet::{Placement, Workload};
use crate::value::path::covers;
use crate::value::user::{Account, User};
use std::collections::BTreeMap;

/// A config file that the service cannot open.
pub(crate) const UNREADABLE_FILE: Fault = Fault::error(
    "unreadable-file",
    "the user of a service can read its config files",
    "A config file is root's on the host, owner and group 0, with the mode that `file` gives it, and is the same in the \
     container. A process of another user gets EACCES where that mode does not let everybody read.",
);
/// A config file that the service perhaps cannot open.
pub(crate) const FILE_GROUP: Fault = Fault::warning(
    "file-group",
    "a service whose config file only root's group reads says that it is in that group",
    "Without a group after the user docker takes the user's own from the image's /etc/passwd, and group 0 where the user is \
     not in there: the image decides whether the file can be read.",
);

/// Two config files that are one if case does not count.
pub(crate) const CASE_CONFLICT: Fault = Fault::warning(
    "case-conflict",
    "config files of one service differ in more than the case of their letters",
    "What is built is committed and checked out. On a disk of macOS or Windows `README` and `readme` are one file: a checkout \
     there holds one of the two, and a build from it another bundle than was reviewed.",
);

/// The users that can read a file.
enum Readership {
    Everybody,
    Nobody,
    /// The image decides.
    Perhaps,
}

/// The config files of one container.
pub(crate) fn check(workload: &Workload, placement: &Placement, report: &mut Report) {
    let container = &placement.container;
    check_case(container, report);
    let Some(user) = &container.user else { return };
    if user.is_root() == Some(true) || !container.group_add.is_empty() {
        return;
    }
    for file in &container.files {
        let (fault, message) = match reader(file, user) {
            Readership::Everybody => continue,
            Readership::Nobody => {
                (&UNREADABLE_FILE, format!("`{}` cannot read `{}`", workload.name, file.path.value))
            }
            Readership::Perhaps => {
                (&FILE_GROUP, format!("`{}` can perhaps not read `{}`", workload.name, file.path.value))
            }
        };
        report.push(
            Diagnostic::new(fault, message)
                .at(file.path.span, format!("root's, with mode {}", file.mode))
                .at(user.span, format!("runs as `{}`", user.value))
                .help(help(file, user)),
        );
    }
}

/// Reports two files, or a file and a folder of another, that have one name if case does not count.
fn check_case(container: &Container, report: &mut Report) {
    if container.files.len() < 2 {
        return;
    }
    let folded = |file: &ConfigFile| file.path.value.to_lowercase();
    let files: BTreeMap<String, &ConfigFile> =
        container.files.iter().map(|file| (folded(file), file)).collect();
    for file in &container.files {
        let own = folded(file);
        let met = own.match_indices('/').map(|(at, _)| &own[..at]).chain([own.as_str()]);
        let other = met.filter_map(|path| files.get(path)).find(|other| !covers(&other.path, &file.path));
        let Some(other) = other else { continue };
        let (path, first) = (&file.path, &other.path);
        report.push(
            Diagnostic::new(
                &CASE_CONFLICT,
                format!("`{}` and `{}` are one file where case does not count", first.value, path.value),
            )
            .at(path.span, "differs in case alone")
            .at(first.span, "from this")
            .help("give one of them another name"),
        );
    }
}

fn reader(file: &ConfigFile, user: &User) -> Readership {
    let mode = file.mode.bits();
    let reads_group = mode & 0o040 != 0;
    match &user.group {
        _ if mode & 0o004 != 0 => Readership::Everybody,
        Some(Account::Number(0)) if reads_group => Readership::Everybody,
        Some(Account::Name(name)) if reads_group && &**name == "root" => Readership::Everybody,
        None if reads_group => Readership::Perhaps,
        _ => Readership::Nobody,
    }
}

fn help(file: &ConfigFile, user: &User) -> String {
    let account = match &user.user {
        Account::Number(number) => number.to_string(),
        Account::Name(name) => name.to_string(),
    };
    let open = "take `mode=` away, which is 0644";
    match file.mode.bits() {
        0o640 | 0o440 => format!("{open}, or put the process into root's group: `user \"{account}:0\"`"),
        _ => format!(
            "{open}, or let root's group read: `mode=\"0640\"` and `user \"{account}:0\"`; what must stay secret is a `secret` with `path=`"
        ),
    }
}
