//! Parsed files → the fleet: layers merged, expressions evaluated, services placed on hosts.
//!
//! From then on nothing is optional, misspelt or dangling: every name leads somewhere, every value is one that its reader on
//! the host takes. The checks tell whether it can work together.

mod container;
mod container_place;
mod environment;
mod health;
mod hosts;
mod layers;
mod life;
mod merge;
mod mounts;
mod needs;
mod networks;
mod place;
mod placed;
mod reading;
mod registration;
mod scope;
mod variables;

pub(crate) use environment::{DUPLICATE_VARIABLE, ENV_FILE_VALUE, FILE_MISSING};
pub(crate) use health::UNKNOWN_PORT;
pub(crate) use hosts::HOST_ADDRESS;
pub(crate) use layers::{BASE_CYCLE, Layers, NOTHING_TO_REMOVE, layers};
pub(crate) use merge::{Layered, Merged, merge};
pub(crate) use needs::{NEED_PORT, UNKNOWN_NEED};
pub(crate) use networks::SHARED_NETWORK;
pub(crate) use place::{NO_HOST, UNKNOWN_HOST};
pub(crate) use reading::{EXPRESSION, INVALID_VALUE, UNDEFINED};
pub(crate) use registration::{NO_ETCD, OUTSIDE_KEY, RANGE_REGISTERED};
pub(crate) use variables::{MISSING_VARIABLE, UNKNOWN_VARIABLE};

use crate::diagnostic::{Diagnostic, Fault, Report};
use crate::front::limits::{
    Budget, MOST_HOSTS, MOST_VARIABLES, ROOM_A_WAIT, no_containers, no_room, too_many,
};
use crate::front::read::Listings;
use crate::language::Scope;
use crate::model::fleet::{Fleet, Kind, Placement, Workload};
use crate::model::image::Images;
use crate::model::spec::{Block, Spec};
use crate::project::Project;
use crate::template::{Expressions, Value};
use crate::text::{Located, Sources, Span};
use crate::value::name::Name;
use crate::value::suggest::nearest;
use placed::Placed;
use reading::Reading;
use scope::SharedScope;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// A project without `fleet`.
pub(crate) const MISSING_FLEET: Fault = Fault::error(
    "missing-fleet",
    "a project says which fleet its services belong to",
    "Units, containers and keys carry the fleet's name, so that two projects on one host never touch each other's.",
);
/// `--env` with an unknown environment.
pub(crate) const UNKNOWN_ENVIRONMENT: Fault = Fault::error(
    "unknown-environment",
    "`--env` names an environment of the project",
    "A build for an environment that does not exist would be a build of production.",
);
/// `extends` of something else than a base.
pub(crate) const UNKNOWN_BASE: Fault = Fault::error(
    "unknown-base",
    "`extends` names bases of the project",
    "What a base was to bring (a user, limits, a read-only root) would be missing without a word.",
);
/// A service without an image.
pub(crate) const MISSING_IMAGE: Fault = Fault::error(
    "missing-image",
    "a service or task has an image",
    "dpc builds no images; it runs one that a registry or the host has.",
);

/// The options of a build.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// `--env`.
    pub environment: Option<String>,
    /// `--var`, by name.
    pub vars: BTreeMap<String, String>,
}

/// The data that all parts of this stage share.
struct Context<'c> {
    project: &'c dyn Project,
    images: &'c Images,
    folders: Listings<'c>,
    sources: &'c Sources,
    expressions: Expressions,
    removed: &'c layers::Removed<'c>,
    /// The rest of the budget for the settings of all containers, and for containers.
    room: Budget,
    containers: Budget,
    /// The number of services and tasks.
    workloads: usize,
    fleet: Span,
}

impl Context<'_> {
    /// Does a part of the work that multiplies. If that exceeds the budget, its other findings are dropped: how far it came
    /// depends on the machine.
    fn within_limits<T>(&self, report: &mut Report, work: impl FnOnce(&mut Report) -> T) -> Option<T> {
        let mut found = Report::default();
        let result = work(&mut found);
        if self.containers.is_used_up() {
            report.push(no_containers(self.fleet, self.workloads));
            return None;
        }
        if self.room.is_used_up() {
            report.push(no_room(self.fleet));
            return None;
        }
        report.append(found);
        Some(result)
    }
}

/// Makes the fleet; `None` if the project declares none. The report has the faults.
pub(crate) fn resolve(
    spec: &Spec<'_>,
    sources: &Sources,
    images: &Arc<Images>,
    project: &dyn Project,
    request: &Request,
    report: &mut Report,
) -> Option<Fleet> {
    let layers = layers(spec, request.environment.as_deref(), report);
    let vars = variables::variables(&layers, &request.vars, report);
    check_counts(&layers, report);
    // Without the chosen environment, or with variables that have no value, further messages would be about something else than
    // was meant.
    if report.has_errors() {
        return None;
    }
    let context = Context {
        project,
        images,
        folders: Listings::new(project),
        sources,
        expressions: Expressions::default(),
        removed: &layers.removed,
        room: Budget::of_settings(sources.bytes()),
        containers: Budget::of_containers(layers.workloads.len()),
        workloads: layers.workloads.len(),
        fleet: layers.fleet.last().map(|fleet| fleet.span).unwrap_or_default(),
    };
    let mut common = SharedScope::new(&vars);
    let mut reading = Reading::new(&context, &common.globals, report);
    let settings = hosts::fleet(&layers, &mut reading);
    let hosts = hosts::hosts(&layers, &mut reading);
    let externals = hosts::externals(&layers, &mut reading);
    check_names(spec, &layers, &mut reading);
    let Some(settings) = settings else {
        if !report.has_errors() {
            report.push(missing_fleet(spec));
        }
        return None;
    };
    let mut fleet = Fleet {
        name: settings.name.clone(),
        environment: request.environment.clone(),
        etcd: settings.etcd.clone(),
        pin: settings.pin,
        images: Arc::clone(images),
        hosts,
        externals,
        workloads: BTreeMap::new(),
    };
    layers.check_bases(report);
    let merged = context.within_limits(report, |report| merged(&layers, &context, report))?;
    if merged.values().any(|workload| workload.evaluates) {
        common.add_hosts(&fleet);
    }
    if settings.etcd.is_none() {
        let registers = merged.iter().flat_map(|(name, workload)| {
            workload.merged.all("register").map(move |setting| (*name, setting.node().span()))
        });
        registration::without_etcd(registers.collect()).into_iter().for_each(|fault| report.push(fault));
    }
    let placed =
        context.within_limits(report, |report| place::place(&merged, &fleet, &common, &context, report))?;
    let needs = needs::needs(&merged, &placed, &fleet, &common.globals, &context, report);
    let asking = merged.iter().filter(|(_, workload)| workload.asks_for_needs).map(|(name, _)| *name);
    let lookup = scope::Lookup::new(&fleet, &placed, &needs, &common, asking);
    // Both have the same names in the same order: in a large fleet, looking up each name costs time.
    let all: Vec<_> = merged.into_iter().zip(placed.values()).collect();
    let many = all.len();
    let of_one = |((name, workload), placed): ((&str, MergedWorkload<'_, '_>), &Vec<Placed>),
                  report: &mut Report| {
        let placements = workload.placements(placed, &lookup, &settings, &context, report);
        workload.workload(name, placements, &context)
    };
    let resolved = context.within_limits(report, |report| report.each_in_shares(all, of_one))?;
    let mut workloads = Vec::with_capacity(many);
    let mut needs = needs.into_iter().peekable();
    workloads.extend(resolved.map(|mut workload| {
        let needs = needs.next_if(|(name, _)| *name == workload.name);
        workload.needs = needs.map(|(_, needs)| needs).unwrap_or_default();
        (workload.name.clone(), workload)
    }));
    fleet.workloads = workloads.into_iter().collect();
    hooks(&mut fleet);
    networks::join(&mut fleet, report);
    Some(fleet)
}

/// A task that runs when something fails runs at no other time, unless it has a schedule.
fn hooks(fleet: &mut Fleet) {
    let mut hooks: BTreeMap<String, BTreeSet<Span>> = BTreeMap::new();
    // The lines of other services and tasks, by the task that they name.
    for (workload, task) in fleet.workloads.values().flat_map(Workload::hooks) {
        let others = hooks.entry(task.value.clone()).or_default();
        others.extend((workload.name != task.value).then_some(task.span));
    }
    for workload in fleet.workloads.values_mut() {
        let Some(others) = hooks.get(&workload.name) else { continue };
        if workload.kind == Kind::Task {
            workload.kind = Kind::Hook;
        }
        // What the defaults say of all it does not say of itself.
        for placement in &mut workload.placements {
            let of_all =
                |task: &mut Located<String>| task.value == workload.name && others.contains(&task.span);
            placement.on_failure.take_if(of_all);
        }
    }
}

/// A service or task with its settings merged.
struct MergedWorkload<'t, 's> {
    kind: &'static str,
    block: &'t Block<'s>,
    merged: Merged<'t, 's>,
    /// Set if any value holds an expression. Most services have none, and need no scope.
    evaluates: bool,
    /// Set if any value may ask for `needs`.
    asks_for_needs: bool,
    /// Bytes of the budget that the settings of one of its containers take.
    size: usize,
}

fn merged<'t, 's>(
    layers: &Layers<'t, 's>,
    context: &Context<'_>,
    report: &mut Report,
) -> BTreeMap<&'t str, MergedWorkload<'t, 's>> {
    let mut all = Vec::with_capacity(layers.workloads.len());
    let of_one = |(name, own): (&&'t str, &Vec<&'t Block<'s>>), report: &mut Report| {
        Some((*name, MergedWorkload::new(layers, own, context, report)?))
    };
    let workloads = layers.workloads.iter().collect();
    all.extend(report.each_in_shares(workloads, of_one).flatten());
    all.into_iter().collect()
}

impl<'t, 's> MergedWorkload<'t, 's> {
    /// Merges the blocks of one name, if there are any.
    fn new(
        layers: &Layers<'t, 's>,
        own: &[&'t Block<'s>],
        context: &Context<'_>,
        report: &mut Report,
    ) -> Option<Self> {
        let block = own.first().copied().filter(|_| !context.room.is_used_up())?;
        if let Err(invalid) = Name::parse(block.name.value) {
            report.push(reading::refused(invalid, block.name.span));
        }
        let kind = block.rule.name;
        let scope = if kind == "task" { Scope::Task } else { Scope::Service };
        let blocks = layers.of_workload(own, report);
        let size = blocks.iter().map(|block| block.size).sum();
        if !context.room.take(size) {
            return None;
        }
        let mut merged = merge(&blocks, scope, report);
        merged.limit_settings(kind, block, report);
        let evaluates = merged.iter().flat_map(Layered::nodes).any(scope::evaluates);
        let asks_for_needs = evaluates && merged.iter().flat_map(Layered::nodes).any(scope::asks_for_needs);
        Some(Self { kind, block, merged, evaluates, asks_for_needs, size })
    }

    fn placements(
        &self,
        placed: &[Placed],
        lookup: &scope::Lookup<'_>,
        settings: &hosts::Settings,
        context: &Context<'_>,
        report: &mut Report,
    ) -> Vec<Placement> {
        let Some(image) = self.merged.get("image").and_then(Layered::argument) else {
            report.push_error(|| self.missing_image(lookup.placed.keys().copied()));
            return Vec::new();
        };
        let lost = self.lost_needs(lookup);
        let mut placements = Vec::with_capacity(placed.len());
        for place in placed {
            if !context.room.take(lookup.waits(place) * ROOM_A_WAIT) {
                break;
            }
            let scope =
                if self.evaluates { lookup.scope(place, self.asks_for_needs) } else { Value::default() };
            let mut reading = Reading::new(context, &scope, report).without(&lost);
            let container = container_place::ContainerPlace {
                place,
                settings,
                context,
                host: &lookup.fleet.hosts[&place.host],
            };
            if let Some(placement) = container.placement(&self.merged, image, &mut reading) {
                placements.push(placement);
            }
        }
        placements
    }

    /// Returns whether any value of the settings of that name holds an expression.
    fn evaluates_in(&self, name: &str) -> bool {
        self.merged.all(name).flat_map(Layered::nodes).any(scope::evaluates)
    }

    /// Needs that are written and lead nowhere.
    fn lost_needs<'m>(&'m self, lookup: &scope::Lookup<'_>) -> Vec<&'m str> {
        let known = lookup.needs.get(self.block.name.value).map(Vec::as_slice).unwrap_or_default();
        let written = self.merged.all("needs").map(Layered::key);
        let known: BTreeSet<&str> = known.iter().map(|need| need.target.as_str()).collect();
        written.filter(|name| !known.contains(name)).collect()
    }

    fn missing_image<'n>(&self, names: impl Iterator<Item = &'n str>) -> Diagnostic {
        let own = self.block.name.value;
        let help = match nearest(own, names.filter(|name| *name != own)) {
            Some(meant) => format!("did you mean `{meant}`? otherwise add `image \"name:tag\"`"),
            None => "add `image \"name:tag\"`".to_string(),
        };
        Diagnostic::new(&MISSING_IMAGE, format!("{} `{own}` has no image", self.kind))
            .at(self.block.span, "no `image` here, in its bases or in the defaults")
            .help(help)
    }

    /// Returns the service or task without its needs.
    fn workload(&self, name: &str, placements: Vec<Placement>, context: &Context<'_>) -> Workload {
        let kind = match self.kind {
            "task" if self.merged.get("schedule").is_some() => Kind::Scheduled,
            "task" => Kind::Task,
            _ => Kind::Service,
        };
        let file = context.sources.path(self.block.span);
        Workload {
            name: name.to_string(),
            kind,
            span: self.block.span,
            origin: format!("{file}, {} \"{name}\"", self.kind),
            needs: Vec::new(),
            placements,
        }
    }
}

/// Checks the limits of a fleet.
fn check_counts(layers: &Layers<'_, '_>, report: &mut Report) {
    let first = |span: Option<Span>| span.unwrap_or_default();
    if layers.hosts.len() > MOST_HOSTS {
        let host = layers.hosts.values().flatten().next().map(|block| block.span);
        report.push(too_many("hosts of a fleet", layers.hosts.len(), MOST_HOSTS, first(host)));
    }
    if layers.vars.len() > MOST_VARIABLES {
        let var = layers.vars.values().next().map(|var| var.node.span());
        report.push(too_many("variables of a project", layers.vars.len(), MOST_VARIABLES, first(var)));
    }
}

/// Reads names that nothing else reads: those of bases and environments.
fn check_names(spec: &Spec<'_>, layers: &Layers<'_, '_>, reading: &mut Reading<'_>) {
    for block in layers.bases.values().flatten() {
        reading.check_name(&block.name, "base");
    }
    for environment in spec.environments.values() {
        reading.check_name(&environment.name, "environment");
    }
}

fn missing_fleet(spec: &Spec<'_>) -> Diagnostic {
    let diagnostic = Diagnostic::new(&MISSING_FLEET, "the project names no fleet");
    let diagnostic = match spec.common.blocks.first() {
        Some(block) => diagnostic.at(block.span, "this belongs to no fleet"),
        None => diagnostic,
    };
    diagnostic.help("add a line such as `fleet \"shop\"` to `dpc.kdl`")
}
