//! stub
#![allow(missing_docs)]
use crate::draft::Scalar;
use crate::pipeline::{InputType, PermissionSet};
use indexmap::IndexMap;
#[derive(Debug, Clone)]
pub struct Contract { pub inputs: IndexMap<String, Input>, pub outputs: IndexMap<String, String>, pub secrets: IndexMap<String, Secret>, pub permissions: Option<PermissionSet>, pub nested: Vec<String> }
#[derive(Debug, Clone)]
pub struct Input { pub kind: InputType, pub required: bool, pub default: Option<Scalar> }
#[derive(Debug, Clone)]
pub struct Secret { pub required: bool }
#[derive(Debug, Clone)]
pub enum ContractError { NotCallable, Unreadable(String) }
impl std::fmt::Display for ContractError { fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { write!(f, "{self:?}") } }
pub enum Lookup<'a> { Known(&'a Contract), Missing, Broken(&'a ContractError), Unavailable }
#[derive(Debug, Default)]
pub struct Contracts;
impl Contracts { pub fn get(&self, _p: &str) -> Lookup<'_> { Lookup::Unavailable } pub fn paths(&self) -> Vec<String> { vec![] } }
