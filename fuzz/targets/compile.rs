//! A project, compiled whole: what is refused says where, and what is not means on the host what the plan says.
#![no_main]

dpc_fuzz::target!(dpc_fuzz::compiled::check);
