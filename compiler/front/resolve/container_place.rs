//! The place of a container: service, host and settings.

use super::Context;
use super::hosts::Settings;
use super::placed::Placed;
use crate::model::fleet::Host;

/// The service, host and settings that a container is made for.
pub(crate) struct ContainerPlace<'p, 'c> {
    pub(crate) place: &'p Placed,
    pub(crate) settings: &'p Settings,
    pub(crate) context: &'p Context<'c>,
    pub(crate) host: &'p Host,
}
