//! The one table of the language: every node, its arguments, properties, children, default and help.
//!
//! Parsing validates by it, merging follows it, suggestions, `docs/language.md` and `dpc explain` read it.

mod document;
mod field;
pub(crate) mod service;
pub(crate) mod top;
mod types;

pub use document::{entries, names, reference};
pub(crate) use field::{Field, Single};
pub(crate) use service::SERVICE_NODES;
pub(crate) use top::{ENVIRONMENT_NODES, TOP_NODES};
pub(crate) use types::Type;

/// A node of the language.
#[derive(Clone, Copy, Debug)]
pub struct Node {
    /// Its name in KDL.
    pub(crate) name: &'static str,
    /// One line of help.
    pub(crate) help: &'static str,
    /// Its arguments.
    pub(crate) arguments: Arguments,
    /// The properties it takes.
    pub(crate) properties: &'static [Property],
    /// Set if any other property may stand there too, as text.
    pub(crate) any_property: bool,
    /// The children it takes.
    pub(crate) children: Children,
    /// The effect of a later layer on an earlier one.
    pub(crate) merge: Merge,
    /// The default, in words.
    pub(crate) default: &'static str,
    /// Services, tasks or both.
    pub(crate) scope: Scope,
    /// An example of it.
    pub(crate) example: &'static str,
}

/// The arguments of a node.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Arguments {
    /// The argument of each position; the last one repeats if `most` allows more.
    pub(crate) list: &'static [Argument],
    /// Minimum number of arguments.
    pub(crate) least: usize,
    /// Maximum number of arguments.
    pub(crate) most: usize,
}

/// An argument of a node.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Argument {
    /// Its name in the documentation.
    pub(crate) name: &'static str,
    /// Its type.
    pub(crate) kind: Type,
}

/// A property of a node.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Property {
    /// Its name in KDL.
    pub(crate) name: &'static str,
    /// Its type.
    pub(crate) kind: Type,
    /// Set if the node makes no sense without it.
    pub(crate) required: bool,
    /// The default, in words.
    pub(crate) default: &'static str,
    /// One line of help.
    pub(crate) help: &'static str,
}

/// The children of a node.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Children {
    /// None.
    None,
    /// Nodes of the language.
    Nodes(&'static [Node]),
    /// The nodes of a service.
    Service,
    /// The nodes of an environment: the top level without `include` and `environment`.
    Environment,
    /// Any name, with one argument of this type.
    Any(Argument),
}

/// The effect of a later layer (base, service, environment) on an earlier one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Merge {
    /// The later one replaces the earlier one whole.
    Replace,
    /// Each property replaces its namesake; the others stay.
    Properties,
    /// One with the same first argument is replaced, another is added.
    Named,
}

/// The workloads that a node is for: services, tasks or both.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scope {
    /// Both.
    Both,
    /// Services only.
    Service,
    /// Tasks only.
    Task,
}

impl Children {
    /// The nodes that may stand there; empty where there are none or any name goes.
    pub(crate) fn nodes(&self) -> &'static [Node] {
        match self {
            Children::Nodes(nodes) => nodes,
            Children::Service => SERVICE_NODES,
            Children::Environment => ENVIRONMENT_NODES,
            Children::None | Children::Any(_) => &[],
        }
    }
}

impl Node {
    /// The property of that name.
    pub(crate) fn property(&self, name: &str) -> Option<&'static Property> {
        self.properties.iter().find(|property| property.name == name)
    }
}

/// The node of a service or task with that name.
pub(crate) fn service_node(name: &str) -> Option<&'static Node> {
    SERVICE_NODES.iter().find(|node| node.name == name)
}

const NO_ARGUMENTS: Arguments = Arguments { list: &[], least: 0, most: 0 };

const fn exactly(list: &'static [Argument]) -> Arguments {
    Arguments { list, least: list.len(), most: list.len() }
}

const fn at_least_one(list: &'static [Argument]) -> Arguments {
    Arguments { list, least: 1, most: usize::MAX }
}

const fn argument(name: &'static str, kind: Type) -> Argument {
    Argument { name, kind }
}

const fn property(name: &'static str, kind: Type, default: &'static str, help: &'static str) -> Property {
    Property { name, kind, required: false, default, help }
}

const fn required(name: &'static str, kind: Type, help: &'static str) -> Property {
    Property { name, kind, required: true, default: "", help }
}

const NODE: Node = Node {
    name: "",
    help: "",
    arguments: NO_ARGUMENTS,
    properties: &[],
    any_property: false,
    children: Children::None,
    merge: Merge::Replace,
    default: "",
    scope: Scope::Both,
    example: "",
};
