//! What a registry may say, and how a client takes it: a server of the test's own on the loopback.

mod answers;
mod command;
mod hostile;
mod server;
mod strict;
