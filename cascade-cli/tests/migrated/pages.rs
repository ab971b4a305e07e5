//! The fenced blocks of a page.

/// A fenced block, and the words behind its fence.
pub(crate) struct Block {
    words: Vec<String>,
    pub(crate) text: String,
}

impl Block {
    pub(crate) fn is(&self, word: &str) -> bool {
        self.words.iter().any(|each| each == word)
    }

    /// The value of `key=` on the fence.
    pub(crate) fn value(&self, key: &str) -> Option<String> {
        let word = self.words.iter().find_map(|word| word.strip_prefix(key))?;
        Some(word.to_owned())
    }
}

pub(crate) fn blocks(page: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut open: Option<Block> = None;
    for line in page.lines() {
        match (&mut open, line.strip_prefix("```")) {
            (None, Some(fence)) => {
                let words = fence.split(' ').map(str::to_owned).collect();
                open = Some(Block {
                    words,
                    text: String::new(),
                });
            }
            (Some(_), Some(_)) => blocks.extend(open.take()),
            (Some(block), None) => block.text.push_str(&format!("{line}\n")),
            (None, None) => {}
        }
    }
    blocks
}
