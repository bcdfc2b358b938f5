//! Every rule that input can break, for `dpc explain` and for the tests that ask for an example of each.

use super::{check, graph, limits, parse, read, resolve};
use crate::backend;
use crate::diagnostic::Fault;

/// Returns all rules, sorted by code.
pub fn all() -> Vec<&'static Fault> {
    let mut all = FAMILIES.concat();
    all.sort_by_key(|fault| fault.code);
    all
}

const FAMILIES: &[&[&Fault]] = &[
    &[&read::INCLUDE_MISSING, &read::INCLUDE_EMPTY, &read::INCLUDE_CYCLE, &read::OUTSIDE_PROJECT],
    &[
        &parse::SYNTAX,
        &parse::UNKNOWN_NODE,
        &parse::UNKNOWN_PROPERTY,
        &parse::UNEXPECTED_VALUE,
        &parse::MISSING_ARGUMENT,
        &parse::MISSING_PROPERTY,
        &parse::TYPE_MISMATCH,
        &parse::DUPLICATE,
        &parse::NOT_HERE,
    ],
    &[
        &resolve::MISSING_FLEET,
        &resolve::UNKNOWN_ENVIRONMENT,
        &resolve::UNKNOWN_BASE,
        &resolve::BASE_CYCLE,
        &resolve::NOTHING_TO_REMOVE,
        &resolve::MISSING_IMAGE,
        &resolve::NO_HOST,
        &resolve::UNKNOWN_HOST,
        &resolve::HOST_ADDRESS,
        &resolve::UNKNOWN_VARIABLE,
        &resolve::MISSING_VARIABLE,
        &resolve::INVALID_VALUE,
        &resolve::UNDEFINED,
        &resolve::EXPRESSION,
        &resolve::FILE_MISSING,
        &resolve::DUPLICATE_VARIABLE,
        &resolve::ENV_FILE_VALUE,
        &resolve::UNKNOWN_PORT,
        &resolve::UNKNOWN_NEED,
        &resolve::NEED_PORT,
        &resolve::NO_ETCD,
        &resolve::RANGE_REGISTERED,
        &resolve::OUTSIDE_KEY,
    ],
    &[&graph::NEED_CYCLE],
    &[
        &check::PORT_CONFLICT,
        &check::EPHEMERAL_PORT,
        &check::PRIVILEGED_PORT,
        &check::FOREIGN_ADDRESS,
        &check::UNCOVERED_WRITE,
        &check::WRITABLE_ROOT,
        &check::SHARED_VOLUME,
        &check::NESTED_VOLUME,
        &check::SHARED_MOUNT_POINT,
        &check::SECRET_IN_VOLUME,
        &check::VOLUME_CONFLICT,
        &check::VOLUME_OWNER,
        &check::SYSTEM_MOUNT,
        &check::DOCKER_SOCKET,
        &check::MOUNT_CONFLICT,
        &check::DOCKER_ARGS,
        &backend::TOO_MANY_ARGUMENTS,
        &check::UNREADABLE_FILE,
        &check::FILE_GROUP,
        &check::CASE_CONFLICT,
        &check::FLOATING_TAG,
        &check::PLATFORM_CONFLICT,
        &check::UNPINNED_IMAGE,
        &check::LITERAL_VARIABLE,
        &check::COMMAND_IN_ONE_WORD,
        &check::PLAIN_SECRET,
        &check::MEMORY_OVERCOMMIT,
        &check::NAME_CONFLICT,
        &check::NEED_UNREACHABLE,
        &check::NEED_SCHEDULED,
        &check::ASYMMETRIC_ROUTE,
        &check::NETWORK_SYSCTL,
        &check::LOOPBACK_ADVERTISED,
        &check::CONTAINER_PORT,
        &check::LOOPBACK_DNS,
        &check::PORT_WITHOUT_NETWORK,
        &check::REGISTRATION_CONFLICT,
    ],
    &[&limits::TOO_LARGE],
    &[&backend::TEMPLATE],
];
