//! Events by type, and which roles are filled.

use super::labels::MOST_BARS;
use super::{Bar, Bars, Cell, Empty, Figure, Ink, Piece, Plot, Series, Show, Table, counted, number};
use crate::review::statistics::behind::Filled;
use crate::review::statistics::figures::{EventRow, RoleRow};
use crate::review::statistics::{Behind, Figures, Mark};

const NO_EVENTS: Empty =
    Empty { what: "No event is marked", hint: "Select a trigger and press the key of an event type" };

pub(super) fn figure(figures: &Figures, show: Show) -> Figure {
    let figure = if show.is_second { by_role(figures) } else { by_type(figures) };
    if figures.events.is_empty() { Figure { plot: Plot::Empty(NO_EVENTS), ..figure } } else { figure }
}

fn series(name: &str, ink: Ink) -> Series {
    Series { name: name.into(), ink }
}

fn by_type(figures: &Figures) -> Figure {
    let mut table = Table::new(&["Type", "#Events", "#Complete", "#Share complete", "#Documents"]);
    let mut bars = Vec::new();
    for row in &figures.events {
        let cells = vec![
            Cell::Label(Ink::Label(Mark::Event, row.r#type.clone()), row.r#type.clone()),
            Cell::Count(row.events),
            row.complete.map_or(Cell::Nothing, Cell::Count),
            row.complete.map_or(Cell::Nothing, |complete| Cell::Share(complete as f64 / row.events.max(1) as f64)),
            Cell::Count(row.documents.into()),
        ];
        let behind = Behind::Events { label: row.number, role: None };
        table.row(cells, behind.clone());
        let piece = |count: u64, ink: Ink, what: &str| Piece {
            value: count as f64,
            ink,
            says: format!("{}: {} {what}", row.r#type, counted(count, "event")),
            behind: behind.clone(),
        };
        let pieces = match row.complete {
            Some(complete) => vec![
                piece(complete, Ink::Full, "with all required roles"),
                piece(row.events.saturating_sub(complete), Ink::Hollow, "with a required role empty"),
            ],
            None => vec![piece(row.events, Ink::Half, "of a type that no schema knows")],
        };
        bars.push(Bar {
            name: row.r#type.clone(),
            told: number(row.events),
            pieces: pieces.into_iter().filter(|piece| piece.value > 0.0).collect(),
        });
    }
    let left_out = bars.len().saturating_sub(MOST_BARS);
    bars.truncate(MOST_BARS);
    let mut legend =
        vec![series("all required roles filled", Ink::Full), series("a required role is empty", Ink::Hollow)];
    if figures.events.iter().any(|row| row.complete.is_none()) {
        legend.push(series("type unknown to the schema", Ink::Half));
    }
    Figure {
        title: "Events by type".into(),
        note: "A role is filled from the text or implicitly".into(),
        plot: Plot::Bars(Bars { axis: "events", is_share: false, legend, bars, lines: Vec::new(), left_out }),
        table,
    }
}

fn by_role(figures: &Figures) -> Figure {
    let mut table = Table::new(&["Type", "Role", "Required", "#From the text", "#Implicit", "#Empty", "#Share filled"]);
    let mut bars = Vec::new();
    for event in &figures.events {
        for role in &event.roles {
            let events = event.events.max(1) as f64;
            let required = match role.is_required {
                Some(true) => Cell::Text("required".into()),
                Some(false) => Cell::Text("optional".into()),
                None => Cell::Nothing,
            };
            let cells = vec![
                Cell::Label(Ink::Label(Mark::Event, event.r#type.clone()), event.r#type.clone()),
                Cell::Text(role.role.clone()),
                required,
                Cell::Count(role.filled),
                Cell::Count(role.implicit),
                Cell::Count(role.missing),
                Cell::Share((role.filled + role.implicit) as f64 / events),
            ];
            table.row(cells, Behind::Events { label: event.number, role: None });
            bars.push(bar(event, role));
        }
    }
    let left_out = bars.len().saturating_sub(MOST_BARS);
    bars.truncate(MOST_BARS);
    let legend = vec![series("from the text", Ink::Full), series("implicit", Ink::Half), series("empty", Ink::Hollow)];
    Figure {
        title: "Roles of events".into(),
        note: "Of the events of each type, the share in which a role is filled; * marks required roles".into(),
        plot: Plot::Bars(Bars {
            axis: "share of the events",
            is_share: true,
            legend,
            bars,
            lines: Vec::new(),
            left_out,
        }),
        table,
    }
}

fn bar(event: &EventRow, role: &RoleRow) -> Bar {
    let events = event.events.max(1) as f64;
    let piece = |count: u64, ink: Ink, filled: Filled, what: &str| Piece {
        value: count as f64 / events,
        ink,
        says: format!("{} of {}: {what} in {}", role.role, event.r#type, counted(count, "event")),
        behind: Behind::Events { label: event.number, role: Some((role.number, filled)) },
    };
    let pieces = vec![
        piece(role.filled, Ink::Full, Filled::FromText, "filled from the text"),
        piece(role.implicit, Ink::Half, Filled::Implicit, "implicit"),
        piece(role.missing, Ink::Hollow, Filled::Not, "empty"),
    ];
    let star = if role.is_required == Some(true) { "*" } else { "" };
    Bar {
        name: format!("{} · {}{star}", event.r#type, role.role).into(),
        told: format!("{} of {}", number(role.filled + role.implicit), number(event.events)),
        pieces: pieces.into_iter().filter(|piece| piece.value > 0.0).collect(),
    }
}
