//! Listings of the folders of a project. Each folder is read once, however many patterns and misspelt names need it.

use crate::large::parallel::locked;
use crate::project::{Project, Unreadable};
use std::collections::HashMap;
use std::sync::{Arc, Mutex};

/// The names in a folder, sorted, each with whether it is a folder.
pub(crate) type Listing = Arc<Vec<(String, bool)>>;

/// The folders of a project.
pub(crate) struct Listings<'p> {
    project: &'p dyn Project,
    listed: Mutex<HashMap<String, Result<Listing, Unreadable>>>,
}

impl<'p> Listings<'p> {
    /// Before any folder is read.
    pub(crate) fn new(project: &'p dyn Project) -> Self {
        Self { project, listed: Mutex::default() }
    }

    /// The listing of one folder.
    pub(crate) fn list(&self, folder: &str) -> Result<Listing, Unreadable> {
        let known = locked(&self.listed).get(folder).cloned();
        known.unwrap_or_else(|| {
            let listing = self.project.list(folder).map(Arc::new);
            locked(&self.listed).insert(folder.to_string(), listing.clone());
            listing
        })
    }
}
