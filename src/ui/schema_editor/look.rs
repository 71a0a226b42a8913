//! Colours and keys of the label set that is edited, worked out once for each state of it.

use std::sync::Arc;

use crate::model::Schema;
use crate::model::schema::KeyTable;
use crate::theme::LabelPalette;

/// See the module. Cheap to clone.
#[derive(Clone)]
pub struct Look {
    schema: Arc<Schema>,
    is_dark: bool,
    /// Colours in the present theme.
    pub palette: LabelPalette,
    /// Which label has which key.
    pub keys: Arc<KeyTable>,
}

impl Look {
    /// Of this label set; commands have the letters in `reserved`.
    pub fn new(schema: &Arc<Schema>, reserved: &[char], is_dark: bool) -> Self {
        let palette = LabelPalette::new(schema, is_dark);
        Self { schema: Arc::clone(schema), is_dark, palette, keys: Arc::new(KeyTable::new(schema, reserved)) }
    }

    /// Whether it is of this very state.
    pub fn is_of(&self, schema: &Arc<Schema>, is_dark: bool) -> bool {
        Arc::ptr_eq(&self.schema, schema) && self.is_dark == is_dark
    }
}
