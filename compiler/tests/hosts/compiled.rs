//! In: the KDL of a fleet, the options of a build, a folder. Out: a bundle for each host in that folder, or the errors in the
//! KDL.

use std::path::Path;

use dpc::backend::Printer;
use dpc::diagnostic::{Color, Renderer};
use dpc::front::resolve::Request;
use dpc::large::{self, LastBuild};
use dpc::output::{OutputRoot, TreeWriter};
use dpc::pipeline::{analyse, plan};
use dpc::project::Memory;

/// Compiles a fleet like `dpc build`, and writes the result.
pub fn compile_into(folder: &Path, text: String, request: &Request) -> Result<(), String> {
    let mut project = Memory::default();
    project.insert("dpc.kdl", text);
    let analysis = analyse(&project, request).map_err(|why| format!("the fleet {}", why.words()))?;
    let outcome = analysis.checked();
    let renderer = Renderer::new(Color::No, &outcome.sources);
    let wrong: String = outcome.diagnostics.iter().map(|wrong| renderer.render(wrong)).collect();
    let checked = outcome.result.ok_or_else(|| format!("the fleet does not compile:\n{wrong}"))?;
    let out = OutputRoot::new(Path::new("."), folder).map_err(|failure| failure.to_string())?;
    let writing = TreeWriter::begin(&out, &mut || {}).map_err(|stopped| format!("{stopped:?}"))?;
    let planned = plan(checked);
    let printer = Printer::new(&planned.plan, &planned.templates);
    large::write(&printer, &LastBuild::default(), &writing).map_err(|broken| format!("{broken:?}"))?;
    writing.finish().map(drop).map_err(|stopped| format!("{stopped:?}"))
}
