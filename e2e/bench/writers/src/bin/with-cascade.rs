//! Reads one repository, then checks its pipeline, generates its files and writes them, until
//! there are as many files as asked for: `with-cascade REPOSITORY FOLDER FILES`.

use cascade_core::check::check;
use cascade_core::contract::{Contracts, WorkflowSource};
use cascade_core::generate::generate;
use cascade_core::manifest::yaml::Manifest;
use std::fs;
use std::path::PathBuf;

struct Files(PathBuf);

impl WorkflowSource for Files {
    fn read(&self, path: &str) -> Result<Option<Vec<u8>>, String> {
        fs::read(self.0.join(path)).map(Some).map_err(|error| error.to_string())
    }

    fn list(&self) -> Vec<String> {
        Vec::new()
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().collect();
    let (repository, folder) = (PathBuf::from(&arguments[1]), PathBuf::from(&arguments[2]));
    let wanted: usize = arguments[3].parse()?;
    let (mut written, mut bytes) = (0, 0);
    while written < wanted {
        let text = fs::read(repository.join(".github/manifest.yaml"))?;
        let manifest = Manifest::read(&text, "ci").map_err(|errors| format!("{errors:?}"))?;
        let source = Files(repository.clone());
        let checked = check(manifest.config(), &Contracts::new(&source));
        let (pipeline, _) = checked.into_result().map_err(|findings| format!("{findings:?}"))?;
        for file in generate(&pipeline, "0.1.0")?.into_iter().take(wanted - written) {
            bytes += file.text.len();
            fs::write(folder.join(format!("{written}.yaml")), file.text)?;
            written += 1;
        }
    }
    println!("{bytes}");
    Ok(())
}
