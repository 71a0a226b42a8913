//! Another annotator's layer, shown beneath one's own: dashed, and not to be touched.

use super::{OpenProject, ProjectMessage};
use crate::app::App;
use crate::app::messages::Message;
use crate::canvas::{Ghost, Ghosts};
use crate::model::{Document, Kind};
use crate::project::Name;
use crate::store::{self, OpenOptions};
use crate::text::Spans;

/// Keys of what is shown beneath; suggestions have smaller ones, so picking one of these picks nothing.
const FIRST_KEY: u64 = 1 << 63;

/// Whose layer is shown beneath, and what of it.
pub struct Beneath {
    /// The annotator's folder.
    pub folder: Name,
    /// The document that it is of.
    document: Option<Name>,
    ghosts: Ghosts,
}

impl OpenProject {
    /// What is shown beneath the document that is open.
    pub fn beneath(&self, document: Option<&Name>) -> Option<&Ghosts> {
        let beneath = self.beneath.as_ref()?;
        (beneath.document.as_ref() == document && document.is_some()).then_some(&beneath.ghosts)
    }
}

impl App {
    /// Shows the layer of the annotator with this folder beneath, or none.
    pub(super) fn show_beneath(&mut self, folder: Option<Name>) {
        let Some(project) = &mut self.project else { return };
        project.beneath = folder.map(|folder| Beneath { folder, document: None, ghosts: Ghosts::default() });
        self.read_beneath();
    }

    /// Reads the layer that is to be shown beneath the document that is open.
    pub(in crate::app) fn read_beneath(&mut self) {
        let Some(open) = &mut self.project else { return };
        let Some(beneath) = &mut open.beneath else { return };
        let Some(session) = &self.session else { return };
        let Some(document) = session.document_name().cloned() else { return };
        if beneath.document.as_ref() == Some(&document) {
            return;
        }
        beneath.document = Some(document.clone());
        beneath.ghosts = Ghosts::default();
        let path = open.project.layout.layer_of(&beneath.folder, &document);
        let (folder, number) = (beneath.folder.clone(), open.number);
        let text = session.document().text().clone();
        self.jobs.spawn("Reading another's layer", move || {
            let options = OpenOptions { format: Some("ron".to_owned()), ..OpenOptions::default() };
            let read = path.is_file().then(|| store::open_path(&path, &options));
            let ghosts = match read {
                // Nothing of it yet is nothing to see.
                None => Ok(Ghosts::default()),
                Some(Ok(opened)) if opened.document.text().sha256() != text.sha256() => {
                    Err(format!("{}: it is of another text", path.display()))
                }
                Some(Ok(opened)) => Ok(ghosts_of(&opened.document)),
                Some(Err(error)) => Err(error.to_string()),
            };
            Message::Project(ProjectMessage::Beneath { number, folder, document, ghosts })
        });
    }

    pub(super) fn beneath_read(&mut self, folder: &Name, document: Name, ghosts: Result<Ghosts, String>) {
        let Some(beneath) = self.project.as_mut().and_then(|project| project.beneath.as_mut()) else { return };
        if beneath.folder != *folder || beneath.document.as_ref() != Some(&document) {
            return;
        }
        match ghosts {
            Ok(ghosts) => beneath.ghosts = ghosts,
            Err(why) => self.toasts.refused(why),
        }
    }
}

/// Everything marked in a layer, to be drawn and not to be touched.
fn ghosts_of(document: &Document) -> Ghosts {
    let ghost = |kind: Kind, label: &str, spans: &Spans| Ghost {
        key: 0,
        kind,
        label: label.to_owned(),
        spans: spans.clone(),
        cue: Spans::new(),
        speaker: Spans::new(),
        speaker_name: String::new(),
        name: format!("{label} {}", document.text().excerpt(spans)),
    };
    let mentions = document.mentions().values().map(|mention| ghost(Kind::Mention, &mention.label, &mention.spans));
    // Triggers are drawn as mentions are: what is shown beneath is words with a label.
    let events = document.events().values().map(|event| ghost(Kind::Mention, &event.r#type, &event.trigger));
    let quotes = document.quotes().values().map(|quote| ghost(Kind::Quote, &quote.kind, &quote.content));
    let all = mentions.chain(events).chain(quotes).enumerate();
    Ghosts::new(all.map(|(nth, ghost)| Ghost { key: FIRST_KEY + nth as u64, ..ghost }).collect())
}
