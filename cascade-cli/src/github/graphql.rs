//! The part of GitHub's GraphQL API that REST has no words for.
//!
//! Sources: GitHub, "Forming calls with GraphQL" (the endpoint; on a GitHub Enterprise Server
//! `/api/graphql` beside `/api/v3`) and the reference of mutations,
//! `enablePullRequestAutoMerge`: it is refused where nothing keeps the pull request from being
//! merged now.

use super::client::Body;
use super::retry::JSON;
use super::{Answer, GitHub};
use crate::cli::error::Failure;
use serde_json::{Value, json};

const AUTO_MERGE: &str = "mutation($id: ID!, $method: PullRequestMergeMethod!) { \
     enablePullRequestAutoMerge(input: {pullRequestId: $id, mergeMethod: $method}) \
     { pullRequest { id } } }";

impl GitHub {
    /// Lets GitHub merge a pull request as soon as nothing keeps it from being merged; returns
    /// GitHub's words if it does not.
    pub(crate) fn auto_merge(&self, node: &str, method: &str) -> Result<Option<String>, Failure> {
        let variables = json!({ "id": node, "method": method.to_uppercase() });
        let answer = self.graphql(AUTO_MERGE, &variables)?;
        let errors = answer.body["errors"].as_array();
        Ok(errors.and_then(|errors| errors.first()).map(|error| {
            let message = error["message"].as_str();
            message.unwrap_or("no message").to_owned()
        }))
    }

    /// Asks; an error in the words of GraphQL is an answer.
    fn graphql(&self, query: &str, variables: &Value) -> Result<Answer, Failure> {
        let body = json!({ "query": query, "variables": variables });
        let address = graphql(&self.client.base());
        self.request("POST", &address, JSON, Body::Json(&body), true)?
            .accepted()
    }
}

fn graphql(api: &str) -> String {
    let api = api.trim_end_matches('/');
    match api.strip_suffix("/api/v3") {
        Some(server) => format!("{server}/api/graphql"),
        None => format!("{api}/graphql"),
    }
}

#[cfg(test)]
mod tests {
    use super::graphql;

    #[test]
    fn the_endpoint_is_beside_rest() {
        assert_eq!(
            graphql("https://api.github.com/"),
            "https://api.github.com/graphql"
        );
        let server = "https://github.example.com";
        let api = format!("{server}/api/v3");
        assert_eq!(graphql(&api), format!("{server}/api/graphql"));
    }
}
