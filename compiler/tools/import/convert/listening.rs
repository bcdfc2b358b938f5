//! How the processes of well-known images are told the address and the port that they listen on.
//!
//! Source: the documentation of each image, and its entrypoint on Docker Hub.

use crate::tools::import::found::{FoundContainer, Setting};

/// How one port of an image is told.
pub(crate) struct Listener {
    names: &'static [&'static str],
    /// The port that it listens on by itself.
    pub(crate) port: u16,
    by: ToldBy,
}

/// The way to tell it. `{a}` is the address, `{p}` the port.
enum ToldBy {
    /// Words behind the command. `default` is the image's own; another command must begin with one of `begins`.
    Words {
        default: &'static [&'static str],
        begins: &'static [&'static str],
        address: &'static [&'static str],
        port: &'static [&'static str],
    },
    /// Variables; an empty name where there is none.
    Variables { address: (&'static str, &'static str), port: (&'static str, &'static str) },
}

/// What to add to a container.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Telling {
    /// The image's own command, to write where the source has none.
    pub(crate) default: Vec<String>,
    /// Words behind the command.
    pub(crate) words: Vec<String>,
    /// Variables.
    pub(crate) variables: Vec<(String, String)>,
}

const PROMETHEUS: ToldBy = ToldBy::Words {
    default: &["--config.file=/etc/prometheus/prometheus.yml", "--storage.tsdb.path=/prometheus"],
    begins: &["-"],
    address: &["--web.listen-address={a}:{p}"],
    port: &[],
};
const EXPORTER: ToldBy =
    ToldBy::Words { default: &[], begins: &["-"], address: &["--web.listen-address={a}:{p}"], port: &[] };

const LISTENERS: &[Listener] = &[
    Listener {
        names: &["redis", "valkey"],
        port: 6379,
        by: ToldBy::Words {
            default: &["redis-server"],
            begins: &["redis-server", "valkey-server", "-", "/"],
            address: &["--bind", "{a}"],
            port: &["--port", "{p}"],
        },
    },
    Listener {
        names: &["redis-stack", "redis-stack-server"],
        port: 6379,
        by: ToldBy::Variables { address: ("REDIS_ARGS", "--bind {a}"), port: ("", "") },
    },
    Listener {
        names: &["postgres", "postgis", "timescaledb", "pgvector"],
        port: 5432,
        by: ToldBy::Words {
            default: &["postgres"],
            begins: &["postgres", "-"],
            address: &["-c", "listen_addresses={a}"],
            port: &["-c", "port={p}"],
        },
    },
    Listener {
        names: &["mysql", "mariadb", "percona"],
        port: 3306,
        by: ToldBy::Words {
            default: &[],
            begins: &["mysqld", "mariadbd", "-"],
            address: &["--bind-address={a}"],
            port: &["--port={p}"],
        },
    },
    Listener {
        names: &["mongo"],
        port: 27017,
        by: ToldBy::Words {
            default: &["mongod"],
            begins: &["mongod", "-"],
            address: &["--bind_ip", "{a}"],
            port: &["--port", "{p}"],
        },
    },
    Listener {
        names: &["memcached"],
        port: 11211,
        by: ToldBy::Words {
            default: &["memcached"],
            begins: &["memcached", "-"],
            address: &["-l", "{a}"],
            port: &["-p", "{p}"],
        },
    },
    Listener {
        names: &["nats"],
        port: 4222,
        by: ToldBy::Words {
            default: &["--config", "nats-server.conf"],
            begins: &["-"],
            address: &["-a", "{a}"],
            port: &["-p", "{p}"],
        },
    },
    Listener {
        names: &["minio"],
        port: 9000,
        by: ToldBy::Words {
            default: &[],
            begins: &["server", "minio"],
            address: &["--address", "{a}:{p}"],
            port: &[],
        },
    },
    Listener { names: &["prometheus"], port: 9090, by: PROMETHEUS },
    Listener { names: &["node-exporter"], port: 9100, by: EXPORTER },
    Listener { names: &["postgres-exporter", "postgres_exporter"], port: 9187, by: EXPORTER },
    Listener { names: &["blackbox-exporter"], port: 9115, by: EXPORTER },
    Listener {
        names: &["alertmanager"],
        port: 9093,
        by: ToldBy::Words {
            default: &["--config.file=/etc/alertmanager/alertmanager.yml", "--storage.path=/alertmanager"],
            begins: &["-"],
            address: &["--web.listen-address={a}:{p}"],
            port: &[],
        },
    },
    Listener {
        names: &["loki"],
        port: 3100,
        by: ToldBy::Words {
            default: &["-config.file=/etc/loki/local-config.yaml"],
            begins: &["-"],
            address: &["-server.http-listen-address={a}"],
            port: &["-server.http-listen-port={p}"],
        },
    },
    Listener {
        names: &["cadvisor"],
        port: 8080,
        by: ToldBy::Words {
            default: &[],
            begins: &["-"],
            address: &["-listen_ip={a}"],
            port: &["-port={p}"],
        },
    },
    Listener {
        names: &["rabbitmq"],
        port: 5672,
        by: ToldBy::Variables {
            address: ("RABBITMQ_NODE_IP_ADDRESS", "{a}"),
            port: ("RABBITMQ_NODE_PORT", "{p}"),
        },
    },
    Listener {
        names: &["elasticsearch", "opensearch"],
        port: 9200,
        by: ToldBy::Variables { address: ("network.host", "{a}"), port: ("http.port", "{p}") },
    },
    Listener {
        names: &["influxdb"],
        port: 8086,
        by: ToldBy::Variables { address: ("INFLUXD_HTTP_BIND_ADDRESS", "{a}:{p}"), port: ("", "") },
    },
    Listener {
        names: &["grafana", "grafana-oss", "grafana-enterprise"],
        port: 3000,
        by: ToldBy::Variables {
            address: ("GF_SERVER_HTTP_ADDR", "{a}"),
            port: ("GF_SERVER_HTTP_PORT", "{p}"),
        },
    },
    Listener {
        names: &["gitea", "forgejo"],
        port: 3000,
        by: ToldBy::Variables {
            address: ("GITEA__server__HTTP_ADDR", "{a}"),
            port: ("GITEA__server__HTTP_PORT", "{p}"),
        },
    },
    Listener {
        names: &["meilisearch"],
        port: 7700,
        by: ToldBy::Variables { address: ("MEILI_HTTP_ADDR", "{a}:{p}"), port: ("", "") },
    },
    Listener {
        names: &["redis_exporter"],
        port: 9121,
        by: ToldBy::Variables { address: ("REDIS_EXPORTER_WEB_LISTEN_ADDRESS", "{a}:{p}"), port: ("", "") },
    },
];

/// How a port of a container is told, if its image and its command are known.
pub(crate) fn listener(container: &FoundContainer, port: u16) -> Option<&'static Listener> {
    let name = crate::tools::import::run::from_image(image(container)?);
    let listener = LISTENERS.iter().find(|known| known.port == port && known.names.contains(&&*name))?;
    let bare = !container.settings.iter().any(|setting| matches!(setting.value, Setting::Entrypoint(_)));
    let takes = match &listener.by {
        ToldBy::Variables { .. } => true,
        ToldBy::Words { begins, default, .. } => match command(container) {
            Some(words) => {
                words.first().is_some_and(|word| begins.iter().any(|begin| word.starts_with(begin)))
            }
            None => !default.is_empty() || begins.contains(&"-"),
        },
    };
    let plain = !image(container)?.contains("bitnami");
    (bare && takes && plain).then_some(listener)
}

/// The image of a container.
pub(crate) fn image(container: &FoundContainer) -> Option<&str> {
    container.settings.iter().rev().find_map(|setting| match &setting.value {
        Setting::Image(image) => Some(image.as_str()),
        _ => None,
    })
}

/// The command of a container, where it is not the image's.
pub(crate) fn command(container: &FoundContainer) -> Option<&[String]> {
    let found = container.settings.iter().rev().find_map(|setting| match &setting.value {
        Setting::Command(words) => Some(words.as_slice()),
        _ => None,
    });
    found.filter(|words| !words.is_empty())
}

/// Returns whether a container is a Redis that asks nobody for a password.
pub(crate) fn without_password(container: &FoundContainer, files: &[String]) -> bool {
    let name = crate::tools::import::run::from_image(image(container).unwrap_or_default());
    let redis = ["redis", "valkey", "keydb", "dragonfly", "redis-stack", "redis-stack-server"];
    let asks = |text: &str| text.contains("requirepass") || text.contains("aclfile");
    let said = container.settings.iter().any(|setting| match &setting.value {
        Setting::Env(name, Some(_)) if name.starts_with("ALLOW_") => false,
        Setting::Env(name, Some(value)) => {
            asks(value)
                || (name.ends_with("_PASSWORD") && !value.is_empty())
                || name.ends_with("_PASSWORD_FILE")
        }
        Setting::Command(words) | Setting::Entrypoint(words) => words.iter().any(|word| asks(word)),
        Setting::EnvFile(_) | Setting::Secret(_) => true,
        _ => false,
    });
    redis.contains(&&*name) && !said && !files.iter().any(|text| asks(text))
}

impl Listener {
    /// Returns whether it can be told another port.
    pub(crate) fn takes_port(&self) -> bool {
        match &self.by {
            ToldBy::Words { address, port, .. } => {
                !port.is_empty() || address.iter().any(|word| word.contains("{p}"))
            }
            ToldBy::Variables { address, port } => !port.0.is_empty() || address.1.contains("{p}"),
        }
    }

    /// What to add so that it listens on an address, every one if there is none, and on a port.
    pub(crate) fn telling(&self, address: Option<&str>, port: u16) -> Telling {
        let moved = port != self.port;
        let filled =
            |text: &&str| text.replace("{a}", address.unwrap_or_default()).replace("{p}", &port.to_string());
        match &self.by {
            ToldBy::Words { default, address: at, port: on, .. } => {
                let both = at.iter().any(|word| word.contains("{p}"));
                let at = at.iter().filter(|_| address.is_some() || (both && moved));
                let words = at.chain(on.iter().filter(|_| moved)).map(filled).collect();
                let default = default.iter().map(|word| (*word).to_string()).collect();
                Telling { default, words, ..Telling::default() }
            }
            ToldBy::Variables { address: at, port: on } => {
                let both = at.1.contains("{p}");
                let at = Some(at).filter(|_| address.is_some() || (both && moved));
                let variables = at.into_iter().chain(Some(on).filter(|on| moved && !on.0.is_empty()));
                let variables = variables.map(|(name, text)| ((*name).to_string(), filled(text)));
                Telling { variables: variables.collect(), ..Telling::default() }
            }
        }
    }
}
