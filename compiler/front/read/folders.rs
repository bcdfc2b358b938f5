//! What is in the folders of a project, each looked into once, however many patterns and misspelt names ask for it.

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
    /// None of them looked into yet.
    pub(crate) fn new(project: &'p dyn Project) -> Self {
        Self { project, listed: Mutex::default() }
    }

    /// What is in one of them.
    pub(crate) fn list(&self, folder: &str) -> Result<Listing, Unreadable> {
        let known = locked(&self.listed).get(folder).cloned();
        known.unwrap_or_else(|| {
            let listing = self.project.list(folder).map(Arc::new);
            locked(&self.listed).insert(folder.to_string(), listing.clone());
            listing
        })
    }
}
