//! The nodes of a `service`, a `task`, a `base` and of `fleet { defaults { … } }`. One file a family of nodes.

pub(crate) mod disk;
pub(crate) mod life;
pub(crate) mod limits;
pub(crate) mod network;
pub(crate) mod process;
pub(crate) mod register;

use super::Node;

/// The nodes of services and tasks, in the order in which the documentation lists them.
pub(crate) const SERVICE_NODES: &[Node] = &[
    process::IMAGE.node,
    process::PLATFORM.node,
    process::ON,
    process::INSTANCES.node,
    process::COMMAND,
    process::ENTRYPOINT,
    process::USER.node,
    process::GROUP_ADD,
    process::HOSTNAME.node,
    process::WORKDIR.node,
    network::PORT,
    process::ENV,
    process::ENV_FILE,
    process::SECRET,
    disk::FILE,
    disk::VOLUME,
    disk::TMPFS,
    disk::WRITES,
    disk::READ_ONLY.node,
    network::NEEDS,
    network::HEALTH,
    register::REGISTER,
    limits::RESOURCES,
    limits::ULIMIT,
    limits::CAPABILITIES,
    limits::PRIVILEGED.node,
    limits::SECURITY_OPT,
    limits::PID.node,
    limits::IPC.node,
    limits::DEVICE,
    limits::GPU,
    life::LABEL,
    life::LABEL_FILE,
    network::EXTRA_HOST,
    network::DNS,
    limits::SYSCTL,
    limits::SHM_SIZE.node,
    limits::INIT.node,
    limits::NO_NEW_PRIVILEGES.node,
    life::STOP,
    life::RESTART,
    network::NETWORK.node,
    life::LOGS,
    life::SCHEDULE,
    life::TASK_TIMEOUT.node,
    life::ON_FAILURE,
    life::AFTER,
    life::DOCKER_ARGS,
    life::REMOVE,
];
