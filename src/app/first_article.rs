//! Tells the log when the first article can be seen, for those who measure how long the program takes to start.

use egui::Context;

/// How far the first article of this window is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FirstArticle {
    /// None was drawn yet.
    #[default]
    Awaited,
    /// It is in the shapes of a frame that the desktop may not have got yet.
    Drawn,
    /// The desktop has it, and the log knows.
    Seen,
}

impl FirstArticle {
    /// An article is in the frame that is being drawn.
    pub fn drawn(&mut self, ctx: &Context) {
        if *self == Self::Awaited {
            *self = Self::Drawn;
            // The frame after that begins when this one is on the screen.
            ctx.request_repaint();
        }
    }

    /// A frame begins; the one before it is on the screen.
    pub fn frame_begins(&mut self) {
        if *self == Self::Drawn {
            *self = Self::Seen;
            tracing::info!("the first article is on the screen");
        }
    }
}
