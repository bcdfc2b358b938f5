//! New files: all of them, or none.

use super::super::Exit;
use super::super::terminal::Terminal;
use std::collections::BTreeMap;
use std::fs::{self, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

/// Writes the files below `root`. If anything exists at one of the paths, even a broken link, nothing is written.
pub(crate) fn write(
    root: &Path,
    files: &BTreeMap<String, String>,
    terminal: &mut Terminal,
) -> Result<(), Exit> {
    for path in files.keys() {
        check(root, path).map_err(|why| terminal.error(&why, &["nothing was written".to_string()]))?;
    }
    let mut made = CreatedFiles::default();
    for (path, text) in files {
        made.file(&root.join(path), text).map_err(|error| {
            made.undo();
            terminal
                .error(&format!("`{path}` cannot be written: {error}"), &["nothing was written".to_string()])
        })?;
    }
    Ok(())
}

/// Checks that nothing has this path yet, and that every folder on the way is a folder.
fn check(root: &Path, path: &str) -> Result<(), String> {
    let mut place = root.to_path_buf();
    let parts: Vec<&str> = path.split('/').collect();
    for (index, part) in parts.iter().enumerate() {
        place.push(part);
        match fs::symlink_metadata(&place) {
            Ok(about) if about.is_dir() && index + 1 < parts.len() => {}
            Ok(about) if index + 1 < parts.len() && about.is_symlink() => {
                return Err(format!("`{}` is a symbolic link, and dpc writes through none", place.display()));
            }
            Ok(_) => {
                return Err(format!(
                    "`{}` is there already, and `dpc init` overwrites nothing",
                    place.display()
                ));
            }
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
            Err(error) => return Err(format!("`{}` cannot be written: {error}", place.display())),
        }
    }
    Ok(())
}

/// Files and folders that were made so far.
#[derive(Default)]
struct CreatedFiles {
    files: Vec<PathBuf>,
    folders: Vec<PathBuf>,
}

impl CreatedFiles {
    /// A file appears under its name once it is complete. The name is given by a link, which replaces nothing.
    fn file(&mut self, place: &Path, text: &str) -> io::Result<()> {
        let folder = place.parent().unwrap_or(Path::new("."));
        self.folder(folder)?;
        let new = folder.join(format!(".dpc-init-{}", std::process::id()));
        let mut file = OpenOptions::new().write(true).create_new(true).open(&new)?;
        let linked = file.write_all(text.as_bytes()).and_then(|()| fs::hard_link(&new, place));
        let removed = fs::remove_file(&new);
        linked?;
        self.files.push(place.to_path_buf());
        removed
    }

    fn folder(&mut self, folder: &Path) -> io::Result<()> {
        if folder.as_os_str().is_empty() || folder.is_dir() {
            return Ok(());
        }
        if let Some(parent) = folder.parent() {
            self.folder(parent)?;
        }
        fs::create_dir(folder)?;
        self.folders.push(folder.to_path_buf());
        Ok(())
    }

    fn undo(&self) {
        // This run made each of them a moment ago. One that cannot be removed does no harm.
        self.files.iter().rev().for_each(|file| drop(fs::remove_file(file)));
        self.folders.iter().rev().for_each(|folder| drop(fs::remove_dir(folder)));
    }
}

/// Adds a line to a file of paths that git ignores, unless it is there. Returns whether it was added.
pub(crate) fn ignore(path: &Path, line: &str, terminal: &mut Terminal) -> Result<bool, Exit> {
    append(path, line).map_err(|error| {
        terminal.error(
            &format!("`{}` cannot be written: {error}", path.display()),
            &["the KDL was written".to_string()],
        )
    })
}

fn append(path: &Path, line: &str) -> io::Result<bool> {
    match fs::symlink_metadata(path) {
        Ok(about) if !about.is_file() => return Err(io::Error::other("it is not a regular file")),
        _ => {}
    }
    let text = match fs::read(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => Vec::new(),
        text => text?,
    };
    if text.split(|byte| *byte == b'\n').any(|known| known.trim_ascii() == line.as_bytes()) {
        return Ok(false);
    }
    let separator = if text.is_empty() || text.ends_with(b"\n") { "" } else { "\n" };
    let mut file = OpenOptions::new().append(true).create(true).open(path)?;
    file.write_all(format!("{separator}{line}\n").as_bytes())?;
    Ok(true)
}
