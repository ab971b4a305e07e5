//! stub
/// stub
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern(String);
impl Pattern {
    /// stub
    pub fn parse(text: &str) -> Result<Self, String> { Ok(Self(text.into())) } pub fn is_exclusion(&self)->bool {self.0.starts_with("!")}
}
