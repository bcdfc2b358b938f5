//! A project whose `templates/` holds copies of dpc's own compiles to the same bytes, though other code prints them.

use crate::golden::case::{build, examples, messages, name, open, request};
use dpc::project::{Project, Unreadable};
use dpc::template::SHIPPED;

#[test]
fn copied_templates_print_the_same_bytes() {
    for example in examples() {
        let disk = open(&example);
        let request = request(&example);
        let Some((_, own)) = build(&disk, &request).result else { panic!("{}", name(&example)) };
        let outcome = build(&Copied(&disk), &request);
        let Some((_, copied)) = &outcome.result else {
            panic!("{}:\n{}", name(&example), messages(&outcome))
        };
        assert!(copied.files.keys().eq(own.files.keys()), "{}", name(&example));
        for (path, file) in &own.files {
            let (found, wanted) = (&copied.files[path].content, &file.content);
            assert_eq!(
                String::from_utf8_lossy(found),
                String::from_utf8_lossy(wanted),
                "{}: {path}",
                name(&example)
            );
        }
    }
}

/// The same project with a copy of each template that it does not replace itself.
struct Copied<'p>(&'p dyn Project);

impl Project for Copied<'_> {
    fn read(&self, path: &str) -> Result<Vec<u8>, Unreadable> {
        let copy = || {
            let name = path.strip_prefix("templates/")?;
            SHIPPED.iter().find(|(shipped, _)| *shipped == name).map(|(_, text)| text.as_bytes().to_vec())
        };
        self.0.read(path).or_else(|why| copy().ok_or(why))
    }

    fn list(&self, directory: &str) -> Result<Vec<(String, bool)>, Unreadable> {
        match directory {
            "templates" => Ok(SHIPPED.iter().map(|(name, _)| (name.to_string(), false)).collect()),
            _ => self.0.list(directory),
        }
    }
}
