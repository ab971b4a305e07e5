//! Files of releases.

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::exchange::{Answer, Refusal, Reply};
use super::release::{self, Release};
use super::repository::Scene;
use super::{page, store, user};

/// A file of a release.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asset {
    /// Its number in the API.
    pub id: u64,
    /// Its name.
    pub name: String,
    /// Another name to show.
    pub label: Option<String>,
    /// Its media type.
    pub content_type: String,
    /// Its content.
    pub bytes: Vec<u8>,
    /// The user who uploaded it.
    pub uploader: String,
    /// The time at which it was uploaded.
    pub created_at: String,
}

/// `GET releases/{id}/assets`.
pub(super) fn list(scene: &Scene<'_>, id: &str) -> Answer {
    let release = &scene.repository.releases[release::index(scene, id)?];
    let assets = release.assets.iter().collect();
    page::list(scene.site, scene.request, assets, |asset| {
        json(scene, release, asset)
    })
}

/// `POST releases/{id}/assets` of the upload address.
pub(super) fn upload(scene: &mut Scene<'_>, id: &str) -> Answer {
    let at = release::index(scene, id)?;
    let name = scene.request.query("name").unwrap_or_default().to_owned();
    let release = &scene.repository.releases[at];
    if release::frozen(scene.repository, release) {
        return Err(Refusal::unprocessable(
            "Cannot upload assets to an immutable release.",
        ));
    }
    if name.is_empty() {
        return Err(Refusal::invalid("ReleaseAsset", "name", "missing_field"));
    }
    if release.assets.iter().any(|asset| asset.name == name) {
        return Err(Refusal::invalid("ReleaseAsset", "name", "already_exists"));
    }
    let asset = Asset {
        id: scene.site.id(),
        name,
        label: scene.request.query("label").map(str::to_owned),
        content_type: scene.request.content_type.clone(),
        bytes: scene.request.body.to_vec(),
        uploader: scene.token.login.clone(),
        created_at: scene.site.now(),
    };
    scene.repository.releases[at].assets.push(asset.clone());
    let release = &scene.repository.releases[at];
    Ok(Reply::created(json(scene, release, &asset)))
}

/// `GET releases/assets/{id}`.
pub(super) fn get(scene: &Scene<'_>, id: &str) -> Answer {
    let (release, asset) = find(scene, id)?;
    let asset = &scene.repository.releases[release].assets[asset];
    if scene.request.accept.contains("octet-stream") {
        return Ok(store::pointer(scene.site, asset));
    }
    let release = &scene.repository.releases[release];
    Ok(Reply::ok(json(scene, release, asset)))
}

/// `DELETE releases/assets/{id}`.
pub(super) fn delete(scene: &mut Scene<'_>, id: &str) -> Answer {
    let (release, asset) = find(scene, id)?;
    if release::frozen(scene.repository, &scene.repository.releases[release]) {
        return Err(Refusal::unprocessable(
            "Cannot delete assets of an immutable release.",
        ));
    }
    scene.repository.releases[release].assets.remove(asset);
    Ok(Reply::nothing())
}

fn find(scene: &Scene<'_>, id: &str) -> Result<(usize, usize), Refusal> {
    let releases = scene.repository.releases.iter().enumerate();
    releases
        .flat_map(|(at, release)| {
            let assets = release.assets.iter().enumerate();
            assets.map(move |(asset, one)| (at, asset, one.id))
        })
        .find(|(_, _, found)| found.to_string() == id)
        .map(|(release, asset, _)| (release, asset))
        .ok_or_else(Refusal::not_found)
}

pub(super) fn json(scene: &Scene<'_>, release: &Release, asset: &Asset) -> Value {
    let digest: String = Sha256::digest(&asset.bytes)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let path = format!("/releases/download/{}/{}", release.tag, asset.name);
    json!({
        "url": scene.url(&format!("/releases/assets/{}", asset.id)),
        "browser_download_url": scene.repository.html(scene.site, &path),
        "id": asset.id,
        "node_id": user::node("RA", asset.id),
        "name": asset.name,
        "label": asset.label,
        "state": "uploaded",
        "content_type": asset.content_type,
        "size": asset.bytes.len(),
        "digest": format!("sha256:{digest}"),
        "download_count": 0,
        "created_at": asset.created_at,
        "updated_at": asset.created_at,
        "uploader": user::json(scene.site, &asset.uploader),
    })
}
