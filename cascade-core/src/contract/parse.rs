//! The text of a workflow file to its contract.

use super::InputType;
use super::{Asked, Contract, ContractError, Input, Output, Secret};
use crate::manifest::yaml::{Document, Kind, Lines, Position, Span, View, read};
use crate::manifest::{Access, PermissionSet};
use crate::scalar::Scalar;
use std::str::FromStr;

pub(super) fn parse(bytes: &[u8]) -> Result<Contract, ContractError> {
    let document = read(bytes).map_err(|errors| {
        let text = String::from_utf8_lossy(bytes);
        let first = errors.into_iter().next();
        let (start, message) = first.map(|e| (e.span.start, e.message)).unwrap_or_default();
        let at = Lines::new(&text).position(&text, start);
        ContractError::Malformed { at, message }
    })?;
    let reader = Reader {
        document: &document,
        with_steps: true,
    };
    reader.contract()
}

/// Reads a document whose steps were left out.
pub(super) fn without_steps(document: &Document) -> Result<Contract, ContractError> {
    let reader = Reader {
        document,
        with_steps: false,
    };
    reader.contract()
}

pub(super) struct Reader<'a> {
    pub(super) document: &'a Document,
    pub(super) with_steps: bool,
}

impl<'a> Reader<'a> {
    fn contract(&self) -> Result<Contract, ContractError> {
        let call = self.call()?;
        self.strict()?;
        let mut contract = Contract::default();
        self.concurrency(&mut contract)?;
        if let Some(call) = call {
            self.outputs(call)?;
            for (name, input) in self.section(call, "inputs")? {
                contract.inputs.insert(name.to_owned(), self.input(input)?);
            }
            for (name, output) in self.section(call, "outputs")? {
                contract.outputs.insert(name.to_owned(), output_of(output));
            }
            for (name, secret) in self.section(call, "secrets")? {
                contract
                    .secrets
                    .insert(name.to_owned(), self.secret(secret)?);
            }
        }
        self.jobs(&mut contract)?;
        Ok(contract)
    }

    /// Returns the value of `workflow_call`, if there is one.
    fn call(&self) -> Result<Option<View<'a>>, ContractError> {
        let root = self.document.root().ok_or(ContractError::NotCallable)?;
        if !matches!(root.kind(), Kind::Map(_)) {
            return Err(self.malformed(root, "a workflow is a mapping"));
        }
        let on = root.get("on").ok_or(ContractError::NotCallable)?;
        let named = |view: View<'_>| view.text().as_deref() == Some("workflow_call");
        if named(on) || on.items().any(named) {
            return Ok(None);
        }
        let call = on.get("workflow_call").ok_or(ContractError::NotCallable)?;
        match call.kind() {
            Kind::Null => Ok(None),
            Kind::Map(_) => Ok(Some(call)),
            _ => Err(self.malformed(call, "`workflow_call` takes a mapping")),
        }
    }

    pub(super) fn section(
        &self,
        call: View<'a>,
        key: &str,
    ) -> Result<Vec<(&'a str, View<'a>)>, ContractError> {
        match call.get(key) {
            None => Ok(Vec::new()),
            Some(view) if matches!(view.kind(), Kind::Map(_) | Kind::Null) => {
                Ok(view.entries().collect())
            }
            Some(view) => Err(self.malformed(view, &format!("`{key}` takes a mapping"))),
        }
    }

    fn input(&self, view: View<'a>) -> Result<Input, ContractError> {
        let kind = match view.get("type").map(|kind| (kind, kind.text())) {
            None => return Err(self.malformed(view, "an input needs a `type`")),
            Some((kind, name)) => match name.as_deref() {
                Some("string") => InputType::String,
                Some("boolean") => InputType::Boolean,
                Some("number") => InputType::Number,
                _ => {
                    let message = "an input of `workflow_call` is a string, boolean or number";
                    return Err(self.malformed(kind, message));
                }
            },
        };
        Ok(Input {
            kind,
            required: self.flag(view, "required")?,
            default: view.get("default").and_then(View::scalar).cloned(),
            description: view.get("description").and_then(View::text),
        })
    }

    fn secret(&self, view: View<'a>) -> Result<Secret, ContractError> {
        Ok(Secret {
            required: self.flag(view, "required")?,
            description: view.get("description").and_then(View::text),
        })
    }

    fn flag(&self, view: View<'a>, key: &str) -> Result<bool, ContractError> {
        match view.get(key).map(|value| (value, value.kind())) {
            None | Some((_, Kind::Null)) => Ok(false),
            Some((_, Kind::Scalar(Scalar::Bool(value), _))) => Ok(*value),
            Some((value, _)) => {
                Err(self.malformed(value, &format!("`{key}` takes `true` or `false`")))
            }
        }
    }

    fn jobs(&self, contract: &mut Contract) -> Result<(), ContractError> {
        let Some(root) = self.document.root() else {
            return Ok(());
        };
        let default = root.get("permissions");
        let jobs = self.section(root, "jobs")?;
        let starts = |(_, job): &(&str, View<'_>)| starts_when_cancelled(*job);
        contract.idle_when_cancelled = !jobs.is_empty() && !jobs.iter().any(starts);
        for (_, job) in jobs {
            if let Some(uses) = job.get("uses").and_then(View::text) {
                let inherits = job.get("secrets").and_then(View::text);
                if inherits.as_deref() == Some("inherit") && !uses.starts_with("./") {
                    contract.inherited_by.push(uses.clone());
                }
                if !contract.nested.contains(&uses) {
                    contract.nested.push(uses);
                }
            }
            if let Some(name) = environment_of(job)
                && !contract.environments.contains(&name)
            {
                contract.environments.push(name);
            }
            match job.get("permissions").or(default) {
                Some(asked) => self.permissions(asked, &mut contract.permissions)?,
                None => contract.permissions.undeclared = true,
            }
        }
        Ok(())
    }

    fn permissions(&self, asked: View<'a>, total: &mut Asked) -> Result<(), ContractError> {
        match asked.text().as_deref() {
            Some("read-all") => total.add_all(Access::Read),
            Some("write-all") => total.add_all(Access::Write),
            Some(_) => {
                let message = "permissions are a mapping, `read-all` or `write-all`";
                return Err(self.malformed(asked, message));
            }
            None => {}
        }
        for (name, value) in asked.entries() {
            let access = value.text().and_then(|text| Access::from_str(&text).ok());
            let access = access.ok_or_else(|| {
                self.malformed(value, "a permission is `read`, `write` or `none`")
            })?;
            let scope = PermissionSet::scope(name).ok_or_else(|| {
                self.malformed(value, &format!("there is no permission `{name}`"))
            })?;
            total.add(scope, access);
        }
        Ok(())
    }

    fn malformed(&self, view: View<'_>, message: &str) -> ContractError {
        self.malformed_at(view.span(), message)
    }

    pub(super) fn malformed_at(&self, span: Span, message: &str) -> ContractError {
        let at: Position = self.document.position(span.start);
        let message = message.to_owned();
        ContractError::Malformed { at, message }
    }
}

/// Returns true if a job's condition lets it start in a run that was cancelled: without a status
/// function GitHub adds `success()`.
fn starts_when_cancelled(job: View<'_>) -> bool {
    let condition = job.get("if").and_then(View::text).unwrap_or_default();
    let plain = condition
        .to_ascii_lowercase()
        .replace(char::is_whitespace, "");
    plain.replace("!cancelled()", "").contains("cancelled()") || plain.contains("always()")
}

/// The GitHub environment of a job: its name, or a mapping with it.
fn environment_of(job: View<'_>) -> Option<String> {
    let environment = job.get("environment")?;
    environment
        .text()
        .or_else(|| environment.get("name").and_then(View::text))
}

fn output_of(view: View<'_>) -> Output {
    Output {
        description: view.get("description").and_then(View::text),
        value: view.get("value").and_then(View::text),
    }
}
