//! What a document that was read may hold at most. One place for all formats: whatever the file says, nothing larger goes
//! on to be checked, indexed or shown.

use crate::limits;
use crate::model::{Document, Problem};

/// The limits of a document; those of the program are the default, tests have small ones.
#[derive(Clone, Copy, Debug)]
pub struct Most {
    /// Bytes of the text.
    pub text: usize,
    /// Annotations of all kinds.
    pub annotations: usize,
    /// Spans of all annotations.
    pub spans: usize,
}

impl Default for Most {
    fn default() -> Self {
        Self { text: limits::TEXT, annotations: limits::ANNOTATIONS, spans: limits::SPANS }
    }
}

impl Most {
    /// The refusal of a document that holds more.
    pub fn beyond(self, document: &Document) -> Option<Problem> {
        if document.text().as_str().len() > self.text {
            return Some(Problem::beyond("bytes of text", self.text));
        }
        let annotations = document.mentions().len()
            + document.entities().len()
            + document.events().len()
            + document.quotes().len()
            + document.relations().len();
        if annotations > self.annotations {
            return Some(Problem::beyond("annotations in a document", self.annotations));
        }
        let mentions = document.mentions().values().map(|m| m.spans.len());
        let events = document.events().values().map(|e| e.trigger.len() + e.arguments.len());
        let quotes =
            document.quotes().values().map(|q| q.content.len() + q.cue.as_ref().map_or(0, smallvec::SmallVec::len));
        let spans: usize = mentions.chain(events).chain(quotes).sum();
        (spans > self.spans).then(|| Problem::beyond("spans in a document", self.spans))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Header;
    use crate::model::test_support::mention;
    use crate::text::Text;

    #[test]
    fn each_limit_is_told() {
        let text = Text::new("Anna met Bob").expect("short");
        let mentions = [mention("m1", "Person", &[(0, 4)]), mention("m2", "Person", &[(0, 4), (9, 12)])];
        let document = Document::with_annotations(text, Header::default(), [], mentions, [], [], []);
        let all = Most { text: 12, annotations: 2, spans: 3 };
        assert_eq!(all.beyond(&document), None);
        for (most, what) in [
            (Most { text: 11, ..all }, "more than 11 bytes of text"),
            (Most { annotations: 1, ..all }, "more than 1 annotations"),
            (Most { spans: 2, ..all }, "more than 2 spans"),
        ] {
            let problem = most.beyond(&document).expect("too many");
            assert!(problem.code == "too-large" && problem.message.contains(what), "{problem}");
            assert!(!problem.hint.is_empty());
        }
    }
}
