//! What `cargo metadata` says about the workspace and its dependencies.

use std::collections::BTreeSet;

use anyhow::{Context, Result};
use serde_json::Value;

use crate::process;

/// One package of the dependency graph.
pub(crate) struct Package {
    pub(crate) name: String,
    pub(crate) version: String,
    /// The SPDX expression of its manifest, if it has one.
    pub(crate) license: Option<String>,
    /// Whether it is one of the workspace's own.
    pub(crate) ours: bool,
    /// The packages of the workspace that it depends on outside of tests and build scripts.
    pub(crate) uses: Vec<String>,
}

/// The whole graph, tests' dependencies included, sorted by name.
pub(crate) fn packages() -> Result<Vec<Package>> {
    let text = process::output(process::cargo().args(["metadata", "--format-version=1", "--locked"]))?;
    let metadata: Value = serde_json::from_str(&text).context("cargo metadata is no JSON")?;
    let members: BTreeSet<&str> = array(&metadata["workspace_members"]).filter_map(Value::as_str).collect();
    let is_member = |package: &Value| package["id"].as_str().is_some_and(|id| members.contains(id));
    let ours: BTreeSet<&str> = array(&metadata["packages"])
        .filter(|package| is_member(package))
        .filter_map(|package| package["name"].as_str())
        .collect();
    let mut packages = Vec::new();
    for package in array(&metadata["packages"]) {
        let text = |key: &str| package[key].as_str().map(str::to_owned);
        let uses = array(&package["dependencies"])
            .filter(|dependency| dependency["kind"].is_null())
            .filter_map(|dependency| dependency["name"].as_str())
            .filter(|name| ours.contains(name))
            .map(str::to_owned)
            .collect();
        packages.push(Package {
            name: text("name").unwrap_or_default(),
            version: text("version").unwrap_or_default(),
            license: text("license"),
            ours: is_member(package),
            uses,
        });
    }
    packages.sort_by(|a, b| (&a.name, &a.version).cmp(&(&b.name, &b.version)));
    Ok(packages)
}

fn array(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}
