//! The delivery of a fleet: a hundred deploys of a few kinds, declared in a loop.
//!
//! No macro is used. What the builder makes is held to the same rules, when the program runs.

use cascade::builder::{Cli, CliSource};
use cascade::prelude::*;
use std::process::ExitCode;

/// What the services do, each in every region.
const SERVICES: [&str; 20] = [
    "accounts",
    "basket",
    "billing",
    "catalog",
    "checkout",
    "customers",
    "delivery",
    "fraud",
    "identity",
    "inventory",
    "ledger",
    "mail",
    "orders",
    "payments",
    "pricing",
    "ratings",
    "returns",
    "search",
    "shipping",
    "warehouse",
];

const REGIONS: [&str; 5] = ["eu", "us", "br", "in", "jp"];

fn main() -> ExitCode {
    match fleet() {
        Ok(definition) => cascade::run(definition),
        Err(report) => {
            eprintln!("{report}");
            ExitCode::FAILURE
        }
    }
}

fn fleet() -> Result<Definition, cascade::Report> {
    let image = Build::new("image", ".github/workflows/build-image.yaml").triggers(["src/**"]);
    let mut fleet = Builder::new("main")
        // Other examples are in the same git repository: this one is a repository of its own.
        .root(env!("CARGO_MANIFEST_DIR"))
        .settings(|s| {
            s.description("A hundred deploys, five regions.")
                // Runners of one's own that have cascade.
                .cli(Cli::new(CliSource::Preinstalled))
                .runs_on("self-hosted")
        })
        .environment("test")
        .environment(Environment::new("prod").wait_timer(5))
        .add(image);
    for service in SERVICES {
        for region in REGIONS {
            fleet = fleet.add(deploy(service, region));
        }
    }
    fleet.build()
}

/// One service in one region; `eu` comes first, the others follow it.
fn deploy(service: &str, region: &str) -> Deploy {
    let name = format!("{service}-{region}");
    let deploy = Deploy::new(name, ".github/workflows/deploy-service.yaml")
        .triggers(["src/**".to_owned(), format!("services/{service}/**")])
        .depends_on("image")
        .input("service", service)
        .input("region", region);
    match region {
        "eu" => deploy,
        _ => deploy.depends_on(format!("{service}-eu")),
    }
}
