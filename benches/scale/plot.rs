//! The growth of the main figures as a picture: both axes logarithmic, so that a straight line at 45 degrees is what grows
//! with the text, and a level one what does not.

use std::path::Path;

use plotters::prelude::*;

use crate::figures::Figures;

/// Rows, and how they are called in the picture.
const LINES: [(&str, &str); 7] = [
    ("open: annotations complete, ms", "open, annotations complete"),
    ("open: text shown, ms", "open, text shown"),
    ("save, ms", "save"),
    ("a on a name: preview, ms", "preview of all places of a name"),
    ("key: mark, ms, p99", "key that marks, p99"),
    ("frame: drag of the bar, ms, p99", "frame while the bar is dragged, p99"),
    ("frame: wheel, ms, p99", "frame while the wheel turns, p99"),
];

/// Distinguishable without red and green (Okabe and Ito, "Color universal design", 2008).
const COLORS: [RGBColor; 7] = [
    RGBColor(0, 0, 0),
    RGBColor(0, 114, 178),
    RGBColor(213, 94, 0),
    RGBColor(0, 158, 115),
    RGBColor(204, 121, 167),
    RGBColor(230, 159, 0),
    RGBColor(86, 180, 233),
];

/// Writes the picture as SVG.
pub fn write(path: &Path, columns: &[(&str, usize, Figures)]) -> Result<(), Box<dyn std::error::Error>> {
    let area = SVGBackend::new(path, (900, 520)).into_drawing_area();
    area.fill(&WHITE)?;
    let megabytes = |bytes: usize| bytes as f64 / 1e6;
    let least = columns.iter().map(|(_, bytes, _)| *bytes).min().unwrap_or(1);
    let most = columns.iter().map(|(_, bytes, _)| *bytes).max().unwrap_or(1);
    let across = (megabytes(least) * 0.8..megabytes(most) * 1.25).log_scale();
    let mut chart = ChartBuilder::on(&area)
        .margin(16)
        .x_label_area_size(44)
        .y_label_area_size(64)
        .build_cartesian_2d(across, (0.2_f64..20_000.0).log_scale())?;
    chart
        .configure_mesh()
        .light_line_style(WHITE)
        .x_desc("text, megabytes")
        .y_desc("milliseconds")
        .x_label_formatter(&|x| format!("{x}"))
        .y_label_formatter(&|y| format!("{y}"))
        .label_style(("sans-serif", 14))
        .draw()?;
    for ((row, name), color) in LINES.iter().zip(COLORS) {
        let points = || {
            columns.iter().filter_map(|(_, bytes, figures)| {
                Some((megabytes(*bytes), figures.get(row)?)).filter(|(_, value)| *value > 0.0)
            })
        };
        let line = chart.draw_series(LineSeries::new(points(), color.stroke_width(2)))?;
        line.label(*name).legend(move |(x, y)| PathElement::new(vec![(x, y), (x + 18, y)], color.stroke_width(2)));
        chart.draw_series(points().map(|point| Circle::new(point, 3, color.filled())))?;
    }
    chart
        .configure_series_labels()
        .position(SeriesLabelPosition::UpperLeft)
        .background_style(WHITE.mix(0.85))
        .label_font(("sans-serif", 14))
        .draw()?;
    area.present()?;
    Ok(())
}
