//! GitHub Apps: who they are, and the tokens that are minted for them.
//!
//! Facts: GitHub's "Generating a JSON Web Token (JWT) for a GitHub App" (RS256, `iss` is the App, at
//! most ten minutes) and "Generating an installation access token for a GitHub App" (a token has
//! the repositories and permissions that are asked for, or all of the installation's; one that asks
//! for more is refused).

use std::collections::BTreeMap;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::signature::{RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey};
use serde::Deserialize;
use serde_json::{Value, json};

use super::exchange::{Answer, Refusal, Reply, Request};
use super::site::{Site, World};
use super::token::{Access, Permissions, Scope, Token, TokenKind};
use super::{stamp, user};

/// The lifetime of a minted token.
const LIFETIME: Duration = Duration::from_secs(3_600);
/// The most seconds until a JWT expires, with a minute for clocks that differ.
const LONGEST_JWT: u64 = 11 * 60;

/// An App, installed in repositories.
#[derive(Debug, Clone)]
pub struct App {
    id: String,
    slug: String,
    key: Vec<u8>,
    repositories: Vec<String>,
    permissions: Permissions,
}

impl App {
    /// An App with this id and name. The public key is the DER of an RSA key (PKCS#1).
    #[must_use]
    pub fn new(id: impl Into<String>, slug: impl Into<String>, key: Vec<u8>) -> Self {
        Self {
            id: id.into(),
            slug: slug.into(),
            key,
            repositories: Vec::new(),
            permissions: Permissions::none(),
        }
    }

    /// Installed in these repositories (`owner/name`), where it may do this.
    #[must_use]
    pub fn installed(mut self, repositories: &[String], permissions: Permissions) -> Self {
        self.repositories = repositories.to_vec();
        self.permissions = permissions;
        self
    }

    pub(super) fn id(&self) -> &str {
        &self.id
    }

    /// The number of its only installation.
    fn installation(&self) -> u64 {
        user::number(&self.slug)
    }
}

/// Returns the App that a JWT names, if that App signed it.
pub(super) fn of_jwt(world: &World, jwt: &str) -> Option<Token> {
    let (signed, signature) = jwt.rsplit_once('.')?;
    let (_, claims) = signed.split_once('.')?;
    let claims: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(claims).ok()?).ok()?;
    let issuer = &claims["iss"];
    let issuer = issuer
        .as_str()
        .map_or_else(|| issuer.to_string(), str::to_owned);
    let app = world.apps.get(&issuer)?;
    let now = SystemTime::now().duration_since(UNIX_EPOCH).ok()?.as_secs();
    let expires = claims["exp"].as_u64()?;
    if expires <= now || expires > now + LONGEST_JWT {
        return None;
    }
    let key = UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, &app.key);
    let signature = URL_SAFE_NO_PAD.decode(signature).ok()?;
    key.verify(signed.as_bytes(), &signature).ok()?;
    Some(Token::itself(&app.id))
}

/// The App that asks as itself.
fn asking<'a>(world: &'a World, token: &Token) -> Result<&'a App, Refusal> {
    let app = (token.kind == TokenKind::Itself).then(|| world.apps.get(&token.login));
    app.flatten()
        .ok_or_else(|| Refusal::new(401, "A JSON web token could not be decoded"))
}

/// `GET repos/{owner}/{repo}/installation`.
pub(super) fn installation(site: &Site, world: &World, token: &Token, name: &str) -> Answer {
    let app = asking(world, token)?;
    if !app.repositories.iter().any(|one| one == name) {
        return Err(Refusal::not_found());
    }
    let owner = name.split('/').next().unwrap_or_default();
    let id = app.installation();
    let api = site.api("");
    Ok(Reply::ok(json!({
        "id": id,
        "app_id": user::number(&app.id),
        "app_slug": app.slug,
        "account": user::json(site, owner),
        "target_id": user::number(owner),
        "target_type": "Organization",
        "repository_selection": "selected",
        "access_tokens_url": format!("{api}/app/installations/{id}/access_tokens"),
        "repositories_url": format!("{api}/installation/repositories"),
        "html_url": format!("{}/settings/installations/{id}", site.base),
        "permissions": described(&app.permissions),
        "events": [],
        "single_file_name": null,
        "suspended_at": null,
        "suspended_by": null,
        "created_at": site.now(),
        "updated_at": site.now(),
    })))
}

#[derive(Debug, Deserialize)]
struct Wanted {
    repositories: Option<Vec<String>>,
    permissions: Option<BTreeMap<String, String>>,
}

/// `POST app/installations/{id}/access_tokens`.
pub(super) fn mint(
    site: &Site,
    world: &mut World,
    token: &Token,
    (id, request): (&str, &Request),
) -> Answer {
    let app = asking(world, token)?;
    if app.installation().to_string() != id {
        return Err(Refusal::not_found());
    }
    let wanted: Wanted = request.body()?;
    let repositories = chosen(app, wanted.repositories)?;
    let permissions = match wanted.permissions {
        None => app.permissions.clone(),
        Some(asked) => granted(app, &asked)?,
    };
    let value = format!("ghs_e2e{}", site.id());
    let minted = Token::app(&value, &app.slug);
    let minted = repositories
        .iter()
        .fold(minted, |token, name| token.may(name, permissions.clone()));
    world.tokens.insert(value.clone(), minted);
    let expires = site.clock.now() + LIFETIME;
    Ok(Reply::created(json!({
        "token": value,
        "expires_at": stamp(expires),
        "permissions": described(&permissions),
        "repository_selection": "selected",
    })))
}

/// The App's repositories with these short names, or all of them.
fn chosen(app: &App, names: Option<Vec<String>>) -> Result<Vec<String>, Refusal> {
    let Some(names) = names else {
        return Ok(app.repositories.clone());
    };
    let full = |name: &String| {
        let ends = format!("/{name}");
        let mut known = app.repositories.iter();
        known.find(|known| known.ends_with(&ends)).cloned()
    };
    let all: Option<Vec<String>> = names.iter().map(full).collect();
    all.ok_or_else(|| {
        Refusal::unprocessable(
            "There is at least one repository that does not exist or is not accessible to the parent installation.",
        )
    })
}

fn granted(app: &App, asked: &BTreeMap<String, String>) -> Result<Permissions, Refusal> {
    let beyond = || {
        Refusal::unprocessable("The permissions requested are not granted to this installation.")
    };
    let mut granted = Permissions::none();
    for (name, level) in asked {
        let access = match level.as_str() {
            "read" => Access::Read,
            "write" => Access::Write,
            _ => return Err(beyond()),
        };
        let scope = Scope::from_name(name).filter(|scope| app.permissions.allow(*scope, access));
        granted = granted.with(scope.ok_or_else(beyond)?, access);
    }
    Ok(granted)
}

/// `DELETE installation/token`: the token that asks is void.
pub(super) fn revoke(world: &mut World, token: &Token) -> Answer {
    if token.kind != TokenKind::App {
        return Err(Refusal::new(403, "Resource not accessible by integration"));
    }
    world.tokens.remove(&token.value);
    Ok(Reply::nothing())
}

fn described(permissions: &Permissions) -> Value {
    let levels = permissions.iter().map(|(scope, access)| {
        let level = match access {
            Access::Read => "read",
            Access::Write => "write",
        };
        (scope.name().replace('-', "_"), Value::from(level))
    });
    Value::Object(levels.collect())
}
