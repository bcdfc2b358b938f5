//! In: a number of services. Out: the KDL of a fleet of them.

use crate::host::{ADDRESS, PORT};

/// Independent services, each with a port, a health check by HTTP with all defaults, and a registration.
pub fn services(number: usize) -> String {
    let service = |n: usize| {
        format!(
            r#"
service "a{n}" {{
    image "running/app:1"
    on "bench"
    port "http" {}
    command "busybox" "httpd" "-f" "-p" "{{{{ ports.http }}}}" "-h" "/"
    health http="http" path="/etc/passwd"
    register "http"
    resources memory="64m"
    stop signal="SIGKILL"
}}
"#,
            usize::from(PORT) + n
        )
    };
    fleet("running") + &(1..=number).map(service).collect::<String>()
}

/// One that ends as soon as it starts.
pub fn crash() -> String {
    fleet("crash") + "service \"a1\" { image \"running/app:1\"; on \"bench\"; command \"false\" }\n"
}

fn fleet(name: &str) -> String {
    format!(
        "fleet \"{name}\" {{ etcd \"http://{ADDRESS}:2379\"; defaults {{ user \"1000:1000\" }} }}\n\
         host \"bench\" address=\"{ADDRESS}\"\n"
    )
}
