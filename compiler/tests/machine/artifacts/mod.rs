//! The artifacts of every tree in `golden/`, given to the programs that read them on a host.
//!
//! `cargo test --features artifacts --test machine artifacts::` wants what `.ci/run` installs, and the right to make namespaces:
//! scripts run unchanged, with the paths and addresses that they name, on a machine that is made for them and gone after.

mod activation;
mod apart;
mod containers;
mod create_request;
mod etcd;
mod files;
mod golden;
mod kind;
mod listeners;
mod machine;
mod registrations;
mod sandbox;
mod script;
mod stage;
mod tool;
mod units;
