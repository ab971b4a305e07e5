//! The fenced blocks of a page.

/// A fenced block, and the words behind its fence.
pub(crate) struct Block {
    words: Vec<String>,
    pub(crate) text: String,
}

impl Block {
    /// Returns true if this word stands behind the fence.
    pub(crate) fn is(&self, word: &str) -> bool {
        self.words.iter().any(|each| each == word)
    }

    /// Returns what stands behind `key=` on the fence, to the end of the line.
    pub(crate) fn value(&self, key: &str) -> Option<String> {
        let place = self.words.iter().position(|word| word.starts_with(key))?;
        Some(self.words[place..].join(" ").split_off(key.len()))
    }
}

/// Reads the blocks of a page, in their order.
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
