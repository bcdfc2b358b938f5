//! The words of a command, or the source of a program → the port that it listens on, and the variable that it reads.

/// What is shown of the port of a process.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Listening {
    /// The port, unless it is told another one.
    pub(crate) port: Option<u16>,
    /// The variable that tells it another one.
    pub(crate) variable: Option<String>,
}

/// Servers by the words that start them, the port of each without an option, and the variable that it reads then.
const SERVERS: &[(&[&str], u16, Option<&str>)] = &[
    (&["gunicorn"], 8000, Some("PORT")),
    (&["uvicorn"], 8000, None),
    (&["hypercorn"], 8000, None),
    (&["daphne"], 8000, None),
    (&["fastapi", "run"], 8000, None),
    (&["flask", "run"], 5000, None),
    (&["manage.py", "runserver"], 8000, None),
    (&["artisan", "serve"], 8000, None),
    (&["rails", "server"], 3000, Some("PORT")),
    (&["rails", "s"], 3000, Some("PORT")),
    (&["next", "start"], 3000, Some("PORT")),
    (&["next"], 3000, Some("PORT")),
    (&["puma"], 9292, Some("PORT")),
    (&["rackup"], 9292, None),
    (&["http.server"], 8000, None),
];

/// What a server does by itself.
pub(crate) fn of_server(words: &[String]) -> Option<Listening> {
    let (port, variable) = server(words)?;
    Some(Listening { port: Some(port), variable: variable.map(str::to_string) })
}

/// The last part of the path of a program.
pub(crate) fn program(word: &str) -> &str {
    word.rsplit('/').next().unwrap_or(word)
}

fn server(words: &[String]) -> Option<(u16, Option<&'static str>)> {
    let starts = |names: &[&str]| {
        words
            .windows(names.len())
            .any(|words| words.iter().map(|word| program(word)).eq(names.iter().copied()))
    };
    SERVERS.iter().find(|(names, ..)| starts(names)).map(|(_, port, variable)| (*port, *variable))
}

/// `--port 3000`, `--bind=0.0.0.0:8000`, `0.0.0.0:8000`; the short options only of servers that are known.
pub(crate) fn of_options(words: &[String]) -> Option<Listening> {
    let is_server = server(words).is_some();
    let long = ["--port", "--bind", "--listen"];
    let is_option = |name: &str| long.contains(&name) || (is_server && ["-p", "-b", "-S"].contains(&name));
    for (at, word) in words.iter().enumerate() {
        let (name, value) = match word.split_once('=') {
            Some((name, value)) => (name, Some(value)),
            None => (word.as_str(), words.get(at + 1).map(String::as_str)),
        };
        let read = value.filter(|_| is_option(name)).and_then(port);
        let open = ["0.0.0.0:", "[::]:", ":"].iter().any(|open| word.starts_with(open));
        if let Some(read) = read.or_else(|| port(word).filter(|_| open)) {
            return Some(read);
        }
    }
    None
}

/// `3000`, `0.0.0.0:3000`, `$PORT`, `tcp://0.0.0.0:${PORT:-3000}`.
pub(crate) fn port(text: &str) -> Option<Listening> {
    if let Some((_, variable)) = text.split_once('$') {
        let inside = variable.trim_start_matches('{').split('}').next().unwrap_or_default();
        let (name, default) = inside.split_once(":-").unwrap_or((inside, ""));
        let variable = is_variable(name).then(|| name.to_string())?;
        return Some(Listening { port: number(default), variable: Some(variable) });
    }
    let port = number(text.rsplit(':').next().unwrap_or(text))?;
    Some(Listening { port: Some(port), variable: None })
}

fn number(text: &str) -> Option<u16> {
    text.parse().ok().filter(|port| *port > 0)
}

/// Returns whether a variable is named as variables are, so that it needs no quotes in KDL.
pub(crate) fn is_variable(name: &str) -> bool {
    name.starts_with(|char: char| char.is_ascii_uppercase())
        && name.chars().all(|char| char.is_ascii_uppercase() || char.is_ascii_digit() || char == '_')
}

/// How programs read the variable `PORT`.
const READS: &[&str] = &[
    "process.env.PORT",
    "process.env[\"PORT\"]",
    "process.env['PORT']",
    "Getenv(\"PORT\")",
    "LookupEnv(\"PORT\")",
    "env::var(\"PORT\"",
    "environ[\"PORT\"]",
    "environ['PORT']",
    "environ.get(\"PORT\"",
    "environ.get('PORT'",
    "getenv(\"PORT\"",
    "getenv('PORT'",
    "ENV[\"PORT\"]",
    "ENV['PORT']",
    "ENV.fetch(\"PORT\"",
    "ENV.fetch('PORT'",
];

/// What stands before the number of a port that a program listens on.
const LISTENS: &[&str] = &[
    ".listen(",
    "0.0.0.0:",
    "ListenAndServe(\":",
    "Listen(\"tcp\", \":",
    ".Listen(\":",
    ".Run(\":",
    ".Start(\":",
];

/// Calls that take the port by its name.
const RUNS: &[&str] = &["uvicorn.run(", "app.run("];

/// Reads the source of a program.
pub(crate) fn of_source(text: &str) -> Option<Listening> {
    let read = READS.iter().find_map(|read| text.split_once(read).map(|(_, behind)| behind));
    let variable = read.map(|_| "PORT".to_string());
    // The number that stands in for the variable: `|| 3000`, `?? 3000`, `, 3000)`, `) { 3000 }`.
    let default = read.and_then(|behind| {
        let between = behind.trim_start_matches([' ', '|', '?', ',', ')', '{', '"', '\'', '(']);
        leading_number(between).filter(|_| between.len() < behind.len())
    });
    let listens = LISTENS.iter().find_map(|listens| {
        text.match_indices(listens).find_map(|(at, _)| leading_number(&text[at + listens.len()..]))
    });
    let named = RUNS.iter().find_map(|run| {
        let (arguments, _) = text.split_once(run)?.1.split_once(')')?;
        leading_number(arguments.split_once("port=")?.1)
    });
    let port = default.or(listens).or(named);
    (port.is_some() || variable.is_some()).then_some(Listening { port, variable })
}

fn leading_number(text: &str) -> Option<u16> {
    let digits = text.len() - text.trim_start_matches(|char: char| char.is_ascii_digit()).len();
    number(&text[..digits])
}

/// Paths by which services tell that they are healthy.
const HEALTH: &[&str] = &["/healthz", "/health", "/livez", "/readyz", "/up"];

/// Returns the path of such a route in the source of a program: `app.get("/healthz"`, `HandleFunc("GET /healthz"`.
pub(crate) fn health_route(text: &str) -> Option<&'static str> {
    let routes = ["get(", "handle(", "handlefunc(", "route("];
    let lower = text.to_ascii_lowercase();
    HEALTH.iter().copied().find(|path| {
        ["", "get "]
            .iter()
            .flat_map(|method| [format!("\"{method}{path}\""), format!("'{method}{path}'")])
            .any(|quoted| {
                lower
                    .match_indices(&quoted)
                    .any(|(at, _)| routes.iter().any(|route| lower[..at].ends_with(route)))
            })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listening(port: Option<u16>, variable: Option<&str>) -> Option<Listening> {
        Some(Listening { port, variable: variable.map(str::to_string) })
    }

    #[test]
    fn commands_say_their_port() {
        for (text, wanted) in [
            ("gunicorn shop.wsgi --bind 0.0.0.0:8001", listening(Some(8001), None)),
            ("gunicorn shop.wsgi", listening(Some(8000), Some("PORT"))),
            ("uvicorn a:b --port=${PORT:-8080}", listening(Some(8080), Some("PORT"))),
            ("uvicorn a:b --port $PORT", listening(None, Some("PORT"))),
            ("bundle exec puma -p 4000", listening(Some(4000), None)),
            ("puma -b tcp://0.0.0.0:5000", listening(Some(5000), None)),
            ("./bin/rails server -b 0.0.0.0", listening(Some(3000), Some("PORT"))),
            ("python manage.py runserver 0.0.0.0:9000", listening(Some(9000), None)),
            ("next start -p 4001", listening(Some(4001), None)),
            ("php artisan serve --host=0.0.0.0", listening(Some(8000), None)),
            ("node bot.js -p 4000", None),
            ("celery -A shop worker --broker redis://localhost:6379", None),
            ("bundle exec sidekiq", None),
        ] {
            let words: Vec<String> = text.split(' ').map(str::to_string).collect();
            assert_eq!(of_options(&words).or_else(|| of_server(&words)), wanted, "{text}");
        }
    }

    #[test]
    fn sources_say_their_port() {
        for (text, wanted) in [
            ("app.listen(process.env.PORT || 3000)", listening(Some(3000), Some("PORT"))),
            ("const port = process.env.PORT ?? '8080';", listening(Some(8080), Some("PORT"))),
            ("app.listen(4000, () => {})", listening(Some(4000), None)),
            ("os.Getenv(\"PORT\")", listening(None, Some("PORT"))),
            ("http.ListenAndServe(\":8080\", nil)", listening(Some(8080), None)),
            ("TcpListener::bind(\"0.0.0.0:7000\")", listening(Some(7000), None)),
            ("int(os.environ.get(\"PORT\", 5000))", listening(Some(5000), Some("PORT"))),
            ("uvicorn.run(app, host='x', port=8002)", listening(Some(8002), None)),
            ("bot.start()", None),
        ] {
            assert_eq!(of_source(text), wanted, "{text}");
        }
        assert_eq!(health_route("@app.get(\"/health\")"), Some("/health"));
        assert_eq!(health_route("mux.HandleFunc(\"GET /healthz\", ok)"), Some("/healthz"));
        assert_eq!(health_route("fetch('/health')"), None);
    }
}
