//! The output of dpc in a project, and the files that it writes there.

use crate::project::Project;

impl Project {
    /// A path in it as text.
    pub fn at(&self, path: &str) -> String {
        self.path(path).to_str().unwrap().to_owned()
    }

    /// Returns whether a command of dpc ended well, and its output.
    pub fn said(&self, arguments: &[&str]) -> (bool, String) {
        let ended = self.dpc(arguments);
        assert!(ended.code < 3, "{arguments:?}: {ended:?}");
        (ended.code == 0, ended.out + &ended.err)
    }

    /// Every file below a folder with its content.
    pub fn texts(&self, folder: &str) -> Vec<(String, String)> {
        let tree = self.tree(folder);
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_owned()).unwrap();
        tree.files().map(|(path, bytes, _)| (path.to_owned(), text(bytes))).collect()
    }
}
