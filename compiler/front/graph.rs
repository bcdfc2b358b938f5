//! A fleet → the graph of its needs, and the order that follows. The only module that knows petgraph.
//!
//! From then on there is no circle: everything has a layer, and needs only what is in an earlier one.

use crate::diagnostic::{Diagnostic, Fault, Report};
use crate::model::fleet::{Fleet, Need};
use crate::model::graph::Graph;
use petgraph::algo::kosaraju_scc;
use petgraph::graph::DiGraph;
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// Services that wait for each other.
pub(crate) const NEED_CYCLE: Fault = Fault::error(
    "need-cycle",
    "needs must not go in a circle",
    "Each would wait for the other to be ready. systemd breaks such a circle by deleting a job, so that after a boot one of \
     the services silently does not run.",
);

/// Makes the graph, and reports every circle whole.
pub(crate) fn graph(fleet: &Fleet, report: &mut Report) -> Graph {
    let mut needs: BTreeMap<String, Vec<String>> =
        fleet.externals.keys().map(|name| (name.clone(), Vec::new())).collect();
    for workload in fleet.workloads.values() {
        let targets = workload.needs.iter().map(|need| need.target.value.clone()).collect();
        needs.insert(workload.name.clone(), targets);
    }
    let names: Vec<&str> = needs.keys().map(String::as_str).collect();
    let index: BTreeMap<&str, usize> = names.iter().enumerate().map(|(index, name)| (*name, index)).collect();
    let edges: Vec<Vec<usize>> =
        needs.values().map(|targets| targets.iter().map(|target| index[target.as_str()]).collect()).collect();
    for circle in circles(&edges) {
        report.push_error(|| cycle(&circle, &names, fleet));
    }
    let layers = layers(&edges);
    let layers = names.iter().zip(layers).map(|(name, layer)| (name.to_string(), layer)).collect();
    Graph { needs, layers }
}

/// Returns one shortest circle of every set of nodes that reach each other.
pub(crate) fn circles(edges: &[Vec<usize>]) -> Vec<Vec<usize>> {
    let mut graph: DiGraph<(), ()> = DiGraph::with_capacity(edges.len(), edges.len());
    let nodes: Vec<_> = edges.iter().map(|_| graph.add_node(())).collect();
    for (from, targets) in edges.iter().enumerate() {
        for target in targets {
            graph.add_edge(nodes[from], nodes[*target], ());
        }
    }
    let mut found: Vec<Vec<usize>> = kosaraju_scc(&graph)
        .into_iter()
        .map(|component| component.into_iter().map(|node| node.index()).collect::<BTreeSet<_>>())
        .filter_map(|component| circle(&component, edges))
        .collect();
    found.sort();
    found
}

/// Returns the shortest way from the first node of a component back to itself.
fn circle(component: &BTreeSet<usize>, edges: &[Vec<usize>]) -> Option<Vec<usize>> {
    let start = *component.first()?;
    let mut came_from: BTreeMap<usize, usize> = BTreeMap::new();
    let mut open = VecDeque::from([start]);
    while let Some(node) = open.pop_front() {
        for target in edges[node].iter().filter(|target| component.contains(target)) {
            if *target == start {
                let mut path = vec![node];
                while let Some(before) = came_from.get(path.last().unwrap_or(&start)) {
                    path.push(*before);
                }
                path.reverse();
                return Some(path);
            }
            if !came_from.contains_key(target) {
                came_from.insert(*target, node);
                open.push_back(*target);
            }
        }
    }
    None
}

/// The most steps of a circle that are named.
pub(crate) const DRAWN: usize = 12;

/// Prints a circle in a line; its last name is its first.
pub(crate) fn cycle_text(ring: &[&str]) -> String {
    let mut names: Vec<String> = ring.iter().take(DRAWN).map(|name| format!("`{name}`")).collect();
    if let Some((last, left_out)) = ring[names.len()..].split_last() {
        names.extend((!left_out.is_empty()).then(|| format!("{} more", left_out.len())));
        names.push(format!("`{last}`"));
    }
    names.join(" → ")
}

fn cycle(circle: &[usize], names: &[&str], fleet: &Fleet) -> Diagnostic {
    let mut ring: Vec<&str> = circle.iter().map(|index| names[*index]).collect();
    ring.push(names[circle[0]]);
    let message = match circle.len() {
        1 => format!("`{}` needs itself", ring[0]),
        _ => format!("needs go in a circle: {}", cycle_text(&ring)),
    };
    let mut diagnostic = Diagnostic::new(&NEED_CYCLE, message);
    for pair in ring.windows(2).take(DRAWN) {
        if let Some(need) = need(fleet, pair[0], pair[1]) {
            let label = match circle.len() {
                1 => "it waits for itself".to_string(),
                _ => format!("`{}` needs `{}`", pair[0], pair[1]),
            };
            diagnostic = diagnostic.at(need.target.span, label);
        }
    }
    diagnostic.help(match circle.len() {
        1 => "remove this need",
        _ => "remove one of these needs: a service that can start without the other, and retries, does not need it",
    })
}

fn need<'f>(fleet: &'f Fleet, from: &str, to: &str) -> Option<&'f Need> {
    fleet.workloads.get(from)?.needs.iter().find(|need| need.target.value == to)
}

/// Returns the longest way down from each node. Nodes of a circle stay where they are: the circle is reported.
fn layers(edges: &[Vec<usize>]) -> Vec<usize> {
    let mut dependents: Vec<Vec<usize>> = vec![Vec::new(); edges.len()];
    let mut open: Vec<usize> = edges.iter().map(Vec::len).collect();
    for (from, targets) in edges.iter().enumerate() {
        targets.iter().for_each(|target| dependents[*target].push(from));
    }
    let mut layers = vec![0; edges.len()];
    let mut ready: Vec<usize> = (0..edges.len()).filter(|node| open[*node] == 0).collect();
    while let Some(node) = ready.pop() {
        for dependent in &dependents[node] {
            layers[*dependent] = layers[*dependent].max(layers[node] + 1);
            open[*dependent] -= 1;
            if open[*dependent] == 0 {
                ready.push(*dependent);
            }
        }
    }
    layers
}
