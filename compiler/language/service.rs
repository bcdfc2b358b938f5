//! What stands in a `service`, a `task`, a `base` and in `fleet { defaults { … } }`. One file a family of nodes.

mod disk;
mod life;
mod limits;
mod network;
mod process;
mod register;

use super::Node;

/// The nodes of services and tasks, in the order in which the documentation lists them.
pub(crate) const SERVICE_NODES: &[Node] = &[
    process::IMAGE,
    process::ON,
    process::INSTANCES,
    process::COMMAND,
    process::ENTRYPOINT,
    process::USER,
    process::WORKDIR,
    network::PORT,
    process::ENV,
    process::ENV_FILE,
    process::SECRET,
    disk::FILE,
    disk::VOLUME,
    disk::TMPFS,
    disk::WRITES,
    disk::READ_ONLY,
    network::NEEDS,
    network::HEALTH,
    register::REGISTER,
    limits::RESOURCES,
    limits::ULIMIT,
    limits::CAPABILITIES,
    limits::DEVICE,
    life::LABEL,
    network::EXTRA_HOST,
    network::DNS,
    limits::SYSCTL,
    limits::SHM_SIZE,
    limits::INIT,
    limits::NO_NEW_PRIVILEGES,
    life::STOP,
    life::RESTART,
    network::NETWORK,
    life::LOGS,
    life::SCHEDULE,
    life::DOCKER_ARGS,
    life::REMOVE,
];
