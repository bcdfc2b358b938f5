//! The command line, tried as users do: the real program on projects in temporary directories.

mod arguments;
mod call;
mod color;
mod completions;
mod errors;
mod growth;
mod hostile;
mod injected;
mod json;
mod killed;
mod limits;
mod names;
mod output;
mod pages;
mod remembered;
mod results;
mod special;
mod system;
