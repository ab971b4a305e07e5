//! Commits that are made without a work tree and without an index.

use super::command::{finish, succeeded};
use super::{Git, Identity};
use crate::cli::error::Failure;

const FAILURE: &str = "a commit cannot be made";

impl Git {
    /// Makes a commit that changes one file of the first of its parents, or without parents has it
    /// alone; it is on no branch yet.
    pub(crate) fn commit_file(
        &self,
        parents: &[&str],
        (path, bytes): (&str, &[u8]),
        message: &str,
        identity: &Identity,
    ) -> Result<String, Failure> {
        let tree = self.tree_with_file(parents.first().copied(), (path, bytes))?;
        self.commit_of(&tree, parents, message, identity)
    }

    /// Makes a commit that changes these files of its parent; it is on no branch yet.
    pub(crate) fn commit_files(
        &self,
        parent: &str,
        files: &[(&str, &[u8])],
        message: &str,
        identity: &Identity,
    ) -> Result<String, Failure> {
        let mut tree = parent.to_owned();
        for file in files {
            tree = self.tree_with_file(Some(&tree), *file)?;
        }
        self.commit_of(&tree, &[parent], message, identity)
    }

    fn tree_with_file(
        &self,
        tree: Option<&str>,
        (path, bytes): (&str, &[u8]),
    ) -> Result<String, Failure> {
        let blob = self.with_input(&["hash-object", "-w", "--stdin"], bytes, FAILURE)?;
        let names: Vec<&str> = path.split('/').collect();
        self.tree_with(tree, &names, blob.trim())
    }

    fn commit_of(
        &self,
        tree: &str,
        parents: &[&str],
        message: &str,
        identity: &Identity,
    ) -> Result<String, Failure> {
        let mut arguments = vec!["commit-tree", tree, "-F", "-"];
        arguments.extend(parents.iter().flat_map(|parent| ["-p", parent]));
        let mut command = self.command(&arguments);
        identity.sign(&mut command);
        let commit = finish(command, Some(message.as_bytes()), FAILURE)?;
        Ok(commit.trim().to_owned())
    }

    /// The files of a commit or tree with another folder at the path, or with none there.
    pub(crate) fn with_folder(
        &self,
        tree: &str,
        path: &str,
        folder: Option<&str>,
    ) -> Result<String, Failure> {
        let names: Vec<&str> = path.split('/').collect();
        let made = self.placed(Some(tree), &names, folder)?;
        match made {
            Some(made) => Ok(made),
            None => self.make_tree(&[]),
        }
    }

    /// The tree with the folder at the path; nothing if it would be empty.
    fn placed(
        &self,
        tree: Option<&str>,
        path: &[&str],
        folder: Option<&str>,
    ) -> Result<Option<String>, Failure> {
        let Some((name, rest)) = path.split_first() else {
            return Ok(folder.map(str::to_owned));
        };
        let mut entries = match tree {
            Some(tree) => self.entries(tree)?,
            None => Vec::new(),
        };
        let old = entries.iter().position(|entry| entry.is(name));
        let old = old.map(|place| entries.swap_remove(place));
        let below = old.as_ref().and_then(Entry::tree);
        if let Some(object) = self.placed(below, rest, folder)? {
            entries.push(Entry(format!("040000 tree {object}\t{name}").into_bytes()));
        }
        match entries.is_empty() {
            true => Ok(None),
            false => self.make_tree(&entries).map(Some),
        }
    }

    /// Makes the tree without any file.
    pub(super) fn empty_tree(&self) -> Result<String, Failure> {
        self.make_tree(&[])
    }

    fn make_tree(&self, entries: &[Entry]) -> Result<String, Failure> {
        let listed: Vec<&[u8]> = entries.iter().map(|entry| entry.0.as_slice()).collect();
        let made = self.with_input(&["mktree", "-z", "--missing"], &listed.join(&0), FAILURE)?;
        Ok(made.trim().to_owned())
    }

    /// A tree with this blob at the path; nothing but the folders on the way there is made anew.
    fn tree_with(&self, tree: Option<&str>, path: &[&str], blob: &str) -> Result<String, Failure> {
        let Some((name, rest)) = path.split_first() else {
            return Ok(blob.to_owned());
        };
        let mut entries = match tree {
            Some(tree) => self.entries(tree)?,
            None => Vec::new(),
        };
        let old = entries.iter().position(|entry| entry.is(name));
        let old = old.map(|place| entries.swap_remove(place));
        let below = old.as_ref().and_then(Entry::tree);
        let object = self.tree_with(below, rest, blob)?;
        let kind = match rest {
            [] => "100644 blob",
            _ => "040000 tree",
        };
        entries.push(Entry(format!("{kind} {object}\t{name}").into_bytes()));
        self.make_tree(&entries)
    }

    fn entries(&self, tree: &str) -> Result<Vec<Entry>, Failure> {
        if let Some(tree) = self.read(&format!("{tree}^{{tree}}"))?
            && let Some(entries) = parsed(&tree.bytes, tree.sha.len() / 2)
        {
            return Ok(entries);
        }
        let output = self.run(&["ls-tree", "-z", "--full-tree", tree])?;
        succeeded(&output, FAILURE)?;
        let lines = output.stdout.split(|byte| *byte == 0);
        let lines = lines.filter(|line| !line.is_empty());
        Ok(lines.map(|line| Entry(line.to_owned())).collect())
    }
}

/// Reads a tree as git keeps it: of each entry its mode, a blank, its name, a NUL, and the bytes of
/// the object's name, which are as many as the repository's hashes have.
fn parsed(tree: &[u8], width: usize) -> Option<Vec<Entry>> {
    let mut entries = Vec::new();
    let mut rest = tree;
    while !rest.is_empty() {
        let blank = rest.iter().position(|byte| *byte == b' ')?;
        let zero = rest.iter().position(|byte| *byte == 0)?;
        let mode = str::from_utf8(&rest[..blank]).ok()?;
        let name = rest.get(blank + 1..zero)?;
        let object = rest.get(zero + 1..zero + 1 + width)?;
        let kind = match mode {
            "40000" => "tree",
            "160000" => "commit",
            _ => "blob",
        };
        let object: String = object.iter().map(|byte| format!("{byte:02x}")).collect();
        let head = format!("{mode:0>6} {kind} {object}\t");
        entries.push(Entry([head.as_bytes(), name].concat()));
        rest = &rest[zero + 1 + width..];
    }
    Some(entries)
}

/// One object of a tree, as git lists it: `mode kind object<TAB>name`. Names are bytes.
struct Entry(Vec<u8>);

impl Entry {
    fn is(&self, name: &str) -> bool {
        let mut parts = self.0.splitn(2, |byte| *byte == b'\t');
        parts.nth(1) == Some(name.as_bytes())
    }

    /// The object's name, if it is a tree.
    fn tree(&self) -> Option<&str> {
        let end = self.0.iter().position(|byte| *byte == b'\t')?;
        let listed = str::from_utf8(&self.0[..end]).ok()?;
        let (_, rest) = listed.split_once(' ')?;
        rest.strip_prefix("tree ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tree_is_read_as_git_lists_it() {
        let tree = b"100644 a b\0\x01\xff40000 c\0\x02\x00160000 d\0\x03\x00120000 e\xff\0\x04\x00";
        let listed: Vec<_> = parsed(tree, 2)
            .unwrap()
            .into_iter()
            .map(|entry| entry.0)
            .collect();
        let expected: [&[u8]; 4] = [
            b"100644 blob 01ff\ta b",
            b"040000 tree 0200\tc",
            b"160000 commit 0300\td",
            b"120000 blob 0400\te\xff",
        ];
        assert_eq!(listed, expected);
        assert!(parsed(&tree[..tree.len() - 1], 2).is_none());
    }
}
