//! `activate` on a host where others than root have accounts, containers were broken into, and etcd has other users.

mod bundle;
mod claims;
mod listeners;
mod paths;
mod running;
mod shared;
mod steps;
