//! The chart of an interpreter: each row's ratios to C, a mark for each peer.

use std::path::PathBuf;

use anyhow::{Context, Result};
use serde_json::Value;
use svg::Document;
use svg::node::element::{Circle, Group, Line, Rectangle, Style, Text};

use super::page::{Section, docs};
use super::peers::{BEFORE, C};

const WIDTH: f64 = 760.0;
/// Where the rows' names end and the plot begins.
const LEFT: f64 = 130.0;
const RIGHT: f64 = 20.0;
const LINE: f64 = 19.0;
/// The ratios that the plot has room for.
const RANGE: (f64, f64) = (0.1, 10.0);
const TICKS: [f64; 7] = [0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0];
/// Of the peers in their order. They differ in lightness too.
const COLORS: [&str; 8] = [
    "#8c8c8c", "#d1495b", "#0f7173", "#66a182", "#2e4057", "#edae49", "#a05195", "#5b8dd6",
];
const STYLE: &str = "text { font: 12px sans-serif; fill: #333 } .group { font-weight: bold }
.grid { stroke: #ddd } .one { stroke: #333 } .ground { fill: #fff }
@media (prefers-color-scheme: dark) { text { fill: #ddd } .grid { stroke: #444 }
.one { stroke: #ddd } .ground { fill: #1b1b1b } }";

/// Writes the chart beside the page, and gives the page's section that shows it.
///
/// # Errors
/// If the file cannot be written.
pub fn write(interpreter: &str, key: &str, groups: &[Value]) -> Result<Section> {
    let folder = folder();
    std::fs::create_dir_all(&folder)
        .with_context(|| format!("cannot make {}", folder.display()))?;
    let file = folder.join(format!("{key}.svg"));
    std::fs::write(&file, format!("{}\n", draw(interpreter, groups)))
        .with_context(|| format!("cannot write {}", file.display()))?;
    let alt = format!("Ratios to C on {interpreter}, row by row; less is quicker");
    Ok(Section {
        key: format!("{key}-chart"),
        text: format!("### {interpreter}, chart\n\n![{alt}](benchmarks/{key}.svg)"),
    })
}

fn folder() -> PathBuf {
    docs().with_file_name("benchmarks")
}

/// The place of a ratio, on a scale of logarithms. What is outside is drawn at the edge.
fn x(ratio: f64) -> f64 {
    let (from, to) = RANGE;
    let part = (ratio.clamp(from, to) / from).ln() / (to / from).ln();
    LEFT + part * (WIDTH - LEFT - RIGHT)
}

fn draw(interpreter: &str, groups: &[Value]) -> Document {
    let peers = peers(groups);
    let mut y = LINE;
    let mut marks = Group::new().add(text(interpreter, LEFT, y, "start").set("class", "group"));
    for (index, peer) in peers.iter().enumerate() {
        // Four names in a line.
        let column = index % 4;
        if column == 0 {
            y += LINE;
        }
        let left = LEFT + column as f64 * (WIDTH - LEFT) / 4.0;
        marks = marks
            .add(dot(left + 5.0, y - 4.0, index))
            .add(text(peer, left + 14.0, y, "start"));
    }
    y += LINE;
    let top = y;
    for group in groups {
        // What they are compared with is one thread, not another peer.
        if ["threads", "parallel"]
            .map(Some)
            .contains(&group["group"].as_str())
        {
            continue;
        }
        y += LINE;
        let mut name = group["group"].as_str().unwrap_or_default().to_owned();
        if let Some(reference) = group["reference"].as_str().filter(|name| *name != C) {
            name += &format!(", to {reference}");
        }
        marks = marks.add(text(&name, LEFT - 8.0, y, "end").set("class", "group"));
        for row in group["rows"].as_array().into_iter().flatten() {
            y += LINE;
            let name = row["row"].as_str().unwrap_or_default();
            marks = marks.add(text(name, LEFT - 8.0, y, "end"));
            let middle = y - 4.0;
            marks = marks.add(line(LEFT, middle, WIDTH - RIGHT, middle, "grid"));
            for (index, peer) in peers.iter().enumerate() {
                if let Some(ratio) = row["ratio"][peer].as_f64() {
                    marks = marks.add(dot(x(ratio), middle, index));
                }
            }
        }
    }
    let mut grid = Group::new();
    for ratio in TICKS {
        let class = if ratio == 1.0 { "one" } else { "grid" };
        grid = grid.add(line(x(ratio), top, x(ratio), y, class)).add(text(
            &ratio.to_string(),
            x(ratio),
            y + LINE,
            "middle",
        ));
    }
    let height = y + 1.5 * LINE;
    let ground = Rectangle::new().set("width", WIDTH).set("height", height);
    Document::new()
        .set("viewBox", (0, 0, WIDTH, height))
        .add(Style::new(STYLE))
        .add(ground.set("class", "ground"))
        .add(grid)
        .add(marks)
}

/// The peers besides C, in the order of their columns.
fn peers(groups: &[Value]) -> Vec<&str> {
    let mut found = Vec::new();
    for group in groups {
        let names = group["peers"].as_array().into_iter().flatten();
        for name in names.filter_map(|peer| peer["name"].as_str()) {
            if name != C && !name.ends_with(BEFORE) && !found.contains(&name) {
                found.push(name);
            }
        }
    }
    found
}

fn text(content: &str, x: f64, y: f64, anchor: &str) -> Text {
    Text::new(content)
        .set("x", x)
        .set("y", y)
        .set("text-anchor", anchor)
}

fn line(x1: f64, y1: f64, x2: f64, y2: f64, class: &str) -> Line {
    Line::new()
        .set("x1", x1)
        .set("y1", y1)
        .set("x2", x2)
        .set("y2", y2)
        .set("class", class)
}

fn dot(x: f64, y: f64, peer: usize) -> Circle {
    Circle::new()
        .set("cx", x)
        .set("cy", y)
        .set("r", 4.5)
        .set("fill", COLORS[peer % COLORS.len()])
        .set("fill-opacity", 0.9)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_peer_but_c_has_a_mark_in_each_row_and_in_the_legend() {
        let group = serde_json::json!({
            "group": "calls",
            "peers": [{"name": "C"}, {"name": "hpy, universal ABI"}, {"name": "PyO3"}],
            "rows": [
                {"row": "noargs", "ratio": {"C": 1.0, "hpy, universal ABI": 1.1, "PyO3": 2.0}},
                {"row": "add", "ratio": {"C": 1.0, "PyO3": 20.0}},
            ],
        });
        let svg = draw("CPython 3.11.7", &[group]).to_string();
        assert_eq!(svg.matches("<circle").count(), 2 + 3, "{svg}");
        assert!(
            svg.contains("noargs") && svg.contains("CPython 3.11.7"),
            "{svg}"
        );
    }

    #[test]
    fn the_scale_is_of_logarithms_and_has_edges() {
        assert_eq!(x(0.1), LEFT);
        assert_eq!(x(1000.0), WIDTH - RIGHT);
        let middle = f64::midpoint(LEFT, WIDTH - RIGHT);
        assert!((x(1.0) - middle).abs() < 1e-9);
    }
}
