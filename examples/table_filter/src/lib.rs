//! Tables of polars, pyarrow or anything else with Arrow's interface: filtered and summed up in
//! Rust, and given back. None of these libraries is needed to build this, or to run it.

mod columns;

use arrow_select::filter::filter_record_batch;
use columns::{Numbers, Texts, named};
use hpy::arrow::Table;
use hpy::arrow::arrow_array::{
    ArrayRef, BooleanArray, Float64Array, RecordBatch, StringArray, UInt64Array,
};
use hpy::exceptions::ValueError;
use hpy::prelude::*;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The rows whose number in the column lies between the two, in a table of the same columns.
///
/// Rows without a number there are left out.
#[hpy_method(signature = (table, column, low, high))]
fn between(ctx: Context<'_>, table: Table, column: String, low: f64, high: f64) -> Result<Table> {
    // The columns are immutable, so other threads of Python may run meanwhile.
    ctx.detach(move || {
        let (schema, batches) = table.into_parts();
        let kept = |batch: RecordBatch| {
            let numbers = Numbers::of(named(&batch, &column)?)?;
            let inside = |row| numbers.get(row).is_some_and(|n| low <= n && n <= high);
            let mask: BooleanArray = (0..batch.num_rows()).map(|row| Some(inside(row))).collect();
            Ok(filter_record_batch(&batch, &mask)?)
        };
        Table::new(
            schema,
            batches.into_iter().map(kept).collect::<Result<_>>()?,
        )
    })
}

/// What is kept of a group.
struct Summary {
    count: u64,
    sum: f64,
    least: f64,
    most: f64,
}

impl Summary {
    fn add(&mut self, number: f64) {
        self.count += 1;
        self.sum += number;
        self.least = self.least.min(number);
        self.most = self.most.max(number);
    }
}

impl Default for Summary {
    fn default() -> Self {
        Self {
            count: 0,
            sum: 0.0,
            least: f64::INFINITY,
            most: f64::NEG_INFINITY,
        }
    }
}

/// For each text of the column `by`: how many numbers `of` has, their mean, the least and the
/// greatest of them. One row each, in the order of the texts.
#[hpy_method(signature = (table, by, of))]
fn summary(ctx: Context<'_>, table: Table, by: String, of: String) -> Result<RecordBatch> {
    ctx.detach(move || {
        let mut groups: BTreeMap<String, Summary> = BTreeMap::new();
        for batch in table.batches() {
            let texts = Texts::of(named(batch, &by)?)?;
            let numbers = Numbers::of(named(batch, &of)?)?;
            for row in 0..batch.num_rows() {
                let (Some(text), Some(number)) = (texts.get(row), numbers.get(row)) else {
                    continue;
                };
                match groups.get_mut(text) {
                    Some(group) => group.add(number),
                    None => groups.entry(text.to_owned()).or_default().add(number),
                }
            }
        }
        let texts: StringArray = groups.keys().map(Some).collect();
        let each = |number: fn(&Summary) -> f64| -> ArrayRef {
            Arc::new(
                groups
                    .values()
                    .map(number)
                    .map(Some)
                    .collect::<Float64Array>(),
            )
        };
        let counts: UInt64Array = groups.values().map(|group| Some(group.count)).collect();
        Ok(RecordBatch::try_from_iter([
            (by.as_str(), Arc::new(texts) as ArrayRef),
            ("count", Arc::new(counts)),
            ("mean", each(|group| group.sum / group.count as f64)),
            ("min", each(|group| group.least)),
            ("max", each(|group| group.most)),
        ])?)
    })
}

/// A table of lists, for programs that have no library for tables.
#[hpy_method]
fn table(columns: &Handle<'_, Dict>) -> Result<Table> {
    let mut arrays = Vec::new();
    for item in columns {
        let (name, values) = item?;
        arrays.push((name.extract::<String>()?, columns::from_list(&values)?));
    }
    match arrays.is_empty() {
        true => Err(ValueError::new("a table needs a column")),
        false => Ok(RecordBatch::try_from_iter(arrays)?.into()),
    }
}

/// The columns of texts and numbers, as lists.
#[hpy_method]
fn lists<'ctx>(ctx: Context<'ctx>, table: Table) -> Result<Handle<'ctx, Dict>> {
    let lists = ctx.dict()?;
    for (index, field) in table.schema().fields().iter().enumerate() {
        let values = ctx.list([(); 0])?;
        for batch in table.batches() {
            columns::append_to(&values, batch.column(index))?;
        }
        lists.set_item(field.name(), values)?;
    }
    Ok(lists)
}

hpy_module! {
    name: table_filter,
    methods: [between, summary, table, lists],
}
