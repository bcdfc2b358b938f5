//! Repositories as people have them, each with the `dpc.kdl` that `dpc init` writes for it. Everything in there is shown by a file
//! of the repository, or says that it is a guess.

use crate::project::Project;
use std::fs;
use std::path::{Path, PathBuf};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("compiler/tests/hermetic/init/repositories")
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// Checks one repository, whose directory is called like it.
#[track_caller]
fn is_begun(name: &str) {
    let repository = Project::top(&[]);
    copy(&folder().join(name), &repository.root.join(name));
    let ended = repository.dpc_in(name, &["init"], "");
    assert_eq!(ended.code, 0, "{ended:?}");
    assert!(ended.err.is_empty() || ended.err.contains("compose.yaml` is here"), "{ended:?}");
    repository.is_good(name);
    let written = repository.read(format!("{name}/dpc.kdl").as_str());
    let expected = folder().join(format!("{name}.kdl"));
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        fs::write(&expected, &written).unwrap();
    }
    assert_eq!(written, fs::read_to_string(&expected).unwrap_or_default(), "\n{written}");
    let nodes = written.lines().filter(|line| line.trim().ends_with('"') || line.contains("\" "));
    for line in nodes.filter(|line| !line.contains("//")) {
        let (above, _) = written.split_once(line).unwrap();
        assert!(above.trim_end().lines().last().unwrap().trim().starts_with("//"), "no source: {line}");
    }
}

macro_rules! repositories {
    ($($test:ident $name:literal)*) => {
        $(#[test] fn $test() { is_begun($name); })*

        #[test]
        fn each_repository_is_tried() {
            let mut known = vec![$($name.to_string()),*];
            known.sort();
            let names = fs::read_dir(folder()).unwrap().map(Result::unwrap).filter(|entry| entry.path().is_dir());
            let mut here: Vec<String> = names.map(|entry| entry.file_name().into_string().unwrap()).collect();
            here.sort();
            assert_eq!(known, here);
        }
    };
}

repositories! {
    rails "rails"
    rails_with_sidekiq_and_a_procfile "rails-sidekiq"
    rails_behind_thruster "rails-8"
    next "next"
    express_without_a_dockerfile "express"
    django_with_celery "django-celery"
    fastapi "fastapi"
    flask_with_a_procfile_and_a_compose_file "flask"
    pages_of_nginx "nginx-pages"
    pages_of_nginx_with_a_template "nginx-configured"
    django_in_a_script "django-script"
    nest_by_npm "nest"
    a_bot_without_a_port "telegram-bot"
    go "go"
    spring_boot "spring"
    spring_boot_by_gradle "spring-gradle"
    postgres_with_extensions "postgres"
    laravel "laravel"
    a_worker_in_rust "rust-worker"
}
