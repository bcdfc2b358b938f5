//! `dpc init` and `dpc fmt` as their users run them: the real program, in repositories of its own, on a real terminal.

mod any;
mod begin;
mod fmt;
mod join;
mod refuse;
mod repositories;
mod repository;
mod terminal;
